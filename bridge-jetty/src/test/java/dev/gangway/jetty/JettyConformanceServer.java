package dev.gangway.jetty;

import dev.gangway.GatewayApplication;
import dev.gangway.conformance.ConformanceServer;
import jakarta.servlet.ServletContainerInitializer;
import java.util.Map;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with the environment that is on the class path. */
final class JettyConformanceServer implements ConformanceServer {

  private AutoCloseable started = () -> {};

  @Override
  public int start(Map<String, GatewayApplication> mounts) throws Exception {
    JettyGateway.Builder builder = JettyGateway.builder().bind("127.0.0.1:0");
    mounts.forEach((path, application) -> builder.mount(path.isEmpty() ? "/" : path, application));
    JettyGateway gateway = builder.start();
    started = gateway;
    return gateway.port();
  }

  @Override
  public int start(String contextPath, ServletContainerInitializer setup) throws Exception {
    Server server = new Server();
    started = server::stop;
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    String path = contextPath.isEmpty() ? "/" : contextPath;
    server.setHandler(isEe11() ? Ee11.context(path, setup) : Ee10.context(path, setup));
    server.start();
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    started.close();
  }

  private static boolean isEe11() {
    try {
      Class.forName("org.eclipse.jetty.ee11.servlet.ServletContextHandler");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static final class Ee11 {
    static Handler context(String path, ServletContainerInitializer setup) {
      var context = new org.eclipse.jetty.ee11.servlet.ServletContextHandler(path);
      context.getServletHandler().setDecodeAmbiguousURIs(true);
      context.addServletContainerInitializer(setup);
      return context;
    }
  }

  private static final class Ee10 {
    static Handler context(String path, ServletContainerInitializer setup) {
      var context = new org.eclipse.jetty.ee10.servlet.ServletContextHandler(path);
      context.getServletHandler().setDecodeAmbiguousURIs(true);
      context.addServletContainerInitializer(setup);
      return context;
    }
  }
}
