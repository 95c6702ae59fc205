package dev.gangway.jetty;

import dev.gangway.GatewayApplication;
import dev.gangway.conformance.ConformanceServer;
import dev.gangway.server.BindAddress;
import dev.gangway.server.EncodedPaths;
import dev.gangway.server.ForwardedHeaders;
import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;

/** Jetty, in the environment that is on the class path. */
final class JettyConformanceServer implements ConformanceServer {

  private enum Mounting {
    BY_GATEWAY,
    BEFORE_START,
    AFTER_START
  }

  private final Mounting mounting;
  private AutoCloseable running = () -> {};

  JettyConformanceServer() {
    this(Mounting.BY_GATEWAY);
  }

  private JettyConformanceServer(Mounting mounting) {
    this.mounting = mounting;
  }

  /** A server that is not Gangway's, where applications are mounted before or after its start. */
  static ConformanceServer foreign(boolean started) {
    return new JettyConformanceServer(started ? Mounting.AFTER_START : Mounting.BEFORE_START);
  }

  @Override
  public int start(Map<String, GatewayApplication> mounts) throws Exception {
    if (mounting != Mounting.BY_GATEWAY) {
      return startForeign(mounts);
    }
    JettyGateway.Builder builder = JettyGateway.builder().bind("127.0.0.1:0");
    mounts.forEach(builder::mount);
    JettyGateway gateway = builder.start();
    running = gateway;
    return gateway.port();
  }

  private int startForeign(Map<String, GatewayApplication> mounts) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ContextHandler context =
        (ContextHandler)
            (JettyEnvironment.EE11.isPresent()
                ? Ee11.context("/", (classes, servlets) -> {})
                : Ee10.context("/", (classes, servlets) -> {}));
    server.setHandler(context);
    running = server::stop;
    if (mounting == Mounting.AFTER_START) {
      server.start();
    }
    mounts.forEach((path, application) -> JettyGateway.mount(context, path, application));
    server.start();
    return connector.getLocalPort();
  }

  /** Only in a server that is foreign nobody has set WebSockets up. */
  @Override
  public int start(String contextPath, ServletContainerInitializer setup) throws Exception {
    Server server = new Server();
    new JettyConnectors(server, EncodedPaths.ACCEPT, ForwardedHeaders.trusting(List.of()))
        .add(BindAddress.parse("127.0.0.1:0"));
    // As in a server of somebody else.
    server
        .getConnectors()[0]
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .getCustomizers()
        .removeIf(ForwardedCustomizer.class::isInstance);
    String path = contextPath.isEmpty() ? "/" : contextPath;
    boolean webSockets = mounting == Mounting.BY_GATEWAY;
    server.setHandler(
        JettyEnvironment.EE11.isPresent()
            ? Ee11.context(path, setup, webSockets)
            : Ee10.context(path, setup, webSockets));
    running = server::stop;
    server.start();
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  @Override
  public void close() throws Exception {
    running.close();
  }

  private static final class Ee11 {
    static Handler context(String path, ServletContainerInitializer setup) {
      var context =
          new org.eclipse.jetty.ee11.servlet.ServletContextHandler(
              path, org.eclipse.jetty.ee11.servlet.ServletContextHandler.NO_SESSIONS);
      context.addServletContainerInitializer(setup);
      new Ee11Context(context).decodeAmbiguousUris();
      return context;
    }

    static Handler context(String path, ServletContainerInitializer setup, boolean webSockets) {
      Handler context = context(path, setup);
      if (webSockets) {
        Ee11WebSockets.enable((org.eclipse.jetty.ee11.servlet.ServletContextHandler) context);
      }
      return context;
    }
  }

  private static final class Ee10 {
    static Handler context(String path, ServletContainerInitializer setup) {
      var context =
          new org.eclipse.jetty.ee10.servlet.ServletContextHandler(
              path, org.eclipse.jetty.ee10.servlet.ServletContextHandler.NO_SESSIONS);
      context.addServletContainerInitializer(setup);
      new Ee10Context(context).decodeAmbiguousUris();
      return context;
    }

    static Handler context(String path, ServletContainerInitializer setup, boolean webSockets) {
      Handler context = context(path, setup);
      if (webSockets) {
        Ee10WebSockets.enable((org.eclipse.jetty.ee10.servlet.ServletContextHandler) context);
      }
      return context;
    }
  }
}
