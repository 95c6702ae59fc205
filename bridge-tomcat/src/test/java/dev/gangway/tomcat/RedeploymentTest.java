package dev.gangway.tomcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonServlet;
import dev.gangway.python.conformance.Leftovers;
import dev.gangway.python.conformance.Pythons;
import dev.gangway.server.RawClient;
import dev.gangway.servlet.GatewayServlet;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A web application with Gangway in its {@code WEB-INF/lib} comes and goes while Tomcat stays, as
 * when a WAR is replaced.
 */
@EnabledOnOs(OS.LINUX)
class RedeploymentTest {

  private static final int TIMES = 50;
  private static final int WARM_UP = 3;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private Tomcat tomcat;
  private Path application;

  @BeforeEach
  void start() throws Exception {
    application = Files.createDirectory(folder.resolve("application"));
    writeApplication();
    tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector();
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }

  private void writeApplication() throws Exception {
    Path information = Files.createDirectories(application.resolve("WEB-INF"));
    Path libraries = Files.createDirectory(information.resolve("lib"));
    for (Class<?> type :
        List.of(GatewayServlet.class, PythonServlet.class, TomcatContainerSupport.class)) {
      pack(type, libraries.resolve("gangway-" + type.getSimpleName() + ".jar"));
    }
    Files.writeString(
        Files.createDirectory(information.resolve("site")).resolve("site_of_the_day.py"),
        """
        import logging

        def application(environ, start_response):
            logging.getLogger("site").warning("asked for %s", environ["PATH_INFO"])
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"Hello from Python\\n"]
        """);
    Files.writeString(
        information.resolve("web.xml"),
        """
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
          <servlet>
            <servlet-name>site</servlet-name>
            <servlet-class>dev.gangway.python.PythonServlet</servlet-class>
            <init-param>
              <param-name>application</param-name>
              <param-value>site_of_the_day</param-value>
            </init-param>
            <init-param>
              <param-name>chdir</param-name>
              <param-value>WEB-INF/site</param-value>
            </init-param>
            <init-param>
              <param-name>python</param-name>
              <param-value>%s</param-value>
            </init-param>
            <init-param>
              <param-name>workers</param-name>
              <param-value>1</param-value>
            </init-param>
            <load-on-startup>1</load-on-startup>
            <async-supported>true</async-supported>
          </servlet>
          <servlet-mapping>
            <servlet-name>site</servlet-name>
            <url-pattern>/*</url-pattern>
          </servlet-mapping>
        </web-app>
        """
            .formatted(Pythons.interpreter()));
  }

  /** The jar that a class comes from; in a build of all modules that is a folder as yet. */
  private static void pack(Class<?> type, Path jar) throws Exception {
    Path source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isRegularFile(source)) {
      Files.copy(source, jar);
      return;
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> classes = Files.walk(source)) {
      for (Path found : (Iterable<Path>) classes.filter(Files::isRegularFile)::iterator) {
        String name = source.relativize(found).toString();
        out.putNextEntry(new JarEntry(name.replace(File.separatorChar, '/')));
        Files.copy(found, out);
      }
    }
  }

  @Test
  void comesAndGoesManyTimesWithoutLeavingAnything() throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      deployAskAndUndeploy();
    }
    Map<String, Long> before = leftovers();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      loaders.add(deployAskAndUndeploy());
    }
    // Connections of the warm-up may be closed meanwhile, so there may be less of something.
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(leftovers())
                    .allSatisfy(
                        (what, count) ->
                            assertThat(count).as(what).isLessThanOrEqualTo(before.get(what))));
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(loaders)
                  .as("class loaders of undeployed applications")
                  .allMatch(loader -> loader.get() == null);
            });
  }

  private WeakReference<ClassLoader> deployAskAndUndeploy() throws Exception {
    StandardContext context = new StandardContext();
    context.setName("");
    context.setPath("");
    context.setDocBase(application.toString());
    context.setFailCtxIfServletStartFails(true);
    ContextConfig configuration = new ContextConfig();
    configuration.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
    context.addLifecycleListener(configuration);
    tomcat.getHost().addChild(context);
    assertThat(context.getState().isAvailable()).isTrue();
    ClassLoader loader = context.getLoader().getClassLoader();
    assertThat(loader.loadClass(PythonApplication.class.getName()).getClassLoader())
        .as("who loads Gangway")
        .isSameAs(loader);
    ask();
    undeploy(context);
    return new WeakReference<>(loader);
  }

  private void ask() throws IOException {
    URI server = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    assertThat(RawClient.exchange(server, "GET", "/")).contains(" 200", "Hello from Python");
  }

  /** Ends it as Tomcat's deployer does. */
  private void undeploy(Context context) throws Exception {
    tomcat.getHost().removeChild(context);
    context.destroy();
  }

  private static Map<String, Long> leftovers() throws IOException {
    Map<String, Long> counts = Leftovers.count(List.of());
    counts.put("descriptors", Leftovers.descriptors(ProcessHandle.current().pid(), ""));
    counts.put(
        "threads of applications",
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getContextClassLoader)
            .filter(loader -> loader != null && loader.getClass().getName().contains("Webapp"))
            .count());
    return counts;
  }
}
