package dev.gangway.samples.contract;

import static org.awaitility.Awaitility.await;

import dev.gangway.GatewayApplication;
import dev.gangway.conformance.ConformanceServer;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Engine;
import org.apache.catalina.Host;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * The Tomcat that this code runs in, with a web application more: its classes are those of this web
 * application, and its defaults those of {@code conf/web.xml}.
 */
final class DistributionServer implements ConformanceServer {

  private static volatile Host host;

  private StandardContext context;

  static void runsIn(Host running) {
    host = running;
  }

  private static Connector connector() {
    return ((Engine) host.getParent()).getService().findConnectors()[0];
  }

  @Override
  public int start(Map<String, GatewayApplication> mounts) throws Exception {
    return start(
        "",
        (classes, context) ->
            mounts.forEach((path, application) -> mount(context, path, application)));
  }

  private static void mount(ServletContext context, String path, GatewayApplication application) {
    ServletRegistration.Dynamic servlet =
        context.addServlet("mount " + path, new GatewayServlet(application));
    servlet.addMapping(path + "/*");
    servlet.setAsyncSupported(true);
  }

  @Override
  public int start(String contextPath, ServletContainerInitializer setup) throws Exception {
    StandardContext added = new StandardContext();
    added.setPath(contextPath);
    added.setDocBase(Files.createTempDirectory("context").toString());
    added.setParentClassLoader(DistributionServer.class.getClassLoader());
    added.addLifecycleListener(new ContextConfig());
    // Nothing to find in the jars of this web application, and it would look 60 times.
    ((StandardJarScanner) added.getJarScanner()).setScanClassPath(false);
    added.addServletContainerInitializer(setup, Set.of());
    host.addChild(added);
    context = added;
    if (!added.getState().isAvailable()) {
      throw new IllegalStateException("The context did not start, see Tomcat's output");
    }
    return connector().getLocalPort();
  }

  /** An encoded slash, and what is not UTF-8, unless the connector is told otherwise. */
  @Override
  public boolean refuses(String target) {
    Connector connector = connector();
    String path = target.replaceFirst("\\?.*", "");
    boolean slash = path.contains("%2F");
    boolean notUtf8 = path.contains("%FF") || path.contains("%C3%28");
    return (slash && connector.getEncodedSolidusHandling().equals("reject"))
        || (notUtf8 && connector.getURIEncoding().equals("UTF-8"));
  }

  /** As {@code continueResponseTiming} says. */
  @Override
  public boolean continuesAtOnce() {
    return "immediately".equals(connector().getProperty("continueResponseTiming"));
  }

  @Override
  public void close() throws IOException {
    if (context != null) {
      Path folder = Path.of(context.getDocBase());
      // The answers are out, but Tomcat would take a thread that is about to leave for a leak.
      ClassLoader classes = context.getLoader().getClassLoader();
      await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getContextClassLoader() == classes));
      host.removeChild(context);
      Files.delete(folder);
      context = null;
    }
  }
}
