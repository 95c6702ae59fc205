package dev.gangway.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.server.RawClient;
import dev.gangway.servlet.ContainerSupport;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.DirResourceSet;
import org.apache.catalina.webresources.JarResourceSet;
import org.apache.catalina.webresources.StandardRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gangway in a web application of its own, whose class loader Tomcat's classes do not see. */
class WebApplicationTest {

  @TempDir Path folder;

  @Test
  void breaksAResponseOffFromInsideAWebApplication() throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    StandardContext context = (StandardContext) tomcat.addContext("", folder.toString());
    context.setResources(new StandardRoot(context));
    addClassesOf(context, BreakingServlet.class);
    addClassesOf(context, TomcatContainerSupport.class);
    addClassesOf(context, ContainerSupport.class);
    Tomcat.addServlet(context, "breaking", BreakingServlet.class.getName());
    context.addServletMappingDecoded("/*", "breaking");
    tomcat.getConnector();
    tomcat.start();
    try (RawClient client =
        RawClient.to(URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort()))) {
      String seen = client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").readToEnd();
      assertThat(seen)
          .contains("loaded by ParallelWebappClassLoader")
          .contains("support by ParallelWebappClassLoader")
          .doesNotContain("\r\n0\r\n");
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }

  private static void addClassesOf(StandardContext context, Class<?> type) throws Exception {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    Path classes = Path.of(source.getLocation().toURI());
    String base = classes.toString();
    context
        .getResources()
        .addPreResources(
            base.endsWith(".jar")
                ? new JarResourceSet(context.getResources(), "/WEB-INF/classes", base, "/")
                : new DirResourceSet(context.getResources(), "/WEB-INF/classes", base, "/"));
  }
}
