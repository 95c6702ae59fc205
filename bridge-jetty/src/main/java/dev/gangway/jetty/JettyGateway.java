package dev.gangway.jetty;

import dev.gangway.GatewayApplication;
import dev.gangway.server.AccessLog;
import dev.gangway.server.BindAddress;
import dev.gangway.server.EncodedPaths;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.OwnedApplications;
import dev.gangway.servlet.GatewayServlet;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;

/**
 * A running Jetty that serves gateway applications.
 *
 * <pre>{@code
 * try (JettyGateway gateway =
 *     JettyGateway.builder().bind("127.0.0.1:8000").mount("/", application).start()) {
 *   gateway.join();
 * }
 * }</pre>
 *
 * <p>Safe for many threads.
 */
public final class JettyGateway implements Gateway {

  private static final System.Logger LOG = System.getLogger(JettyGateway.class.getName());

  private final Server server;
  private final List<BindAddress> addresses;
  private final Runnable drain;
  private final OwnedApplications applications;

  private JettyGateway(
      Server server, List<BindAddress> addresses, Runnable drain, OwnedApplications applications) {
    this.server = server;
    this.addresses = addresses;
    this.drain = drain;
    this.applications = applications;
  }

  /**
   * Begins the settings of a new server.
   *
   * @return a builder with the defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Mounts an application in a context that is there, before or after the context is started. The
   * context gets WebSockets if Jetty's are on the class path. The application stays the caller's to
   * close.
   *
   * @param context a {@code ServletContextHandler} of ee11 or ee10
   * @param path in the context, such as {@code /shop}; {@code ""} or {@code /} is its root
   * @param application what answers for the path and all below it
   * @throws IllegalArgumentException if the path is malformed, or the context has no servlets
   */
  public static void mount(ContextHandler context, String path, GatewayApplication application) {
    JettyEnvironment.contextOf(context)
        .servlet(GatewayBuilder.mappingOf(path), new GatewayServlet(application));
  }

  @Override
  public int port() {
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof NetworkConnector network) {
        return network.getLocalPort();
      }
    }
    return -1;
  }

  @Override
  public List<URI> uris() {
    List<URI> uris = new ArrayList<>();
    Connector[] connectors = server.getConnectors();
    for (int i = 0; i < addresses.size(); i++) {
      int port = connectors[i] instanceof NetworkConnector network ? network.getLocalPort() : -1;
      uris.add(addresses.get(i).uri(port));
    }
    return List.copyOf(uris);
  }

  /**
   * The server itself.
   *
   * @return Jetty
   */
  public Server server() {
    return server;
  }

  @Override
  public void join() throws InterruptedException {
    server.join();
  }

  @Override
  public void close() {
    try {
      drain.run();
      stop(server);
    } finally {
      applications.close();
    }
  }

  private static void stop(Server server) {
    try {
      Duration timeout = Duration.ofMillis(server.getStopTimeout());
      if (server.isStarted() && !GracefulStop.drain(server, timeout)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Requests were still in hand after the graceful timeout of {0} ms; they are broken off",
            timeout.toMillis());
      }
      server.setStopTimeout(0);
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, "Jetty did not stop cleanly", e);
    }
  }

  /** The settings of a new server. Not safe for many threads. */
  public static final class Builder extends GatewayBuilder<Builder> {

    private final List<Consumer<Server>> customizers = new ArrayList<>();
    private @Nullable JettyEnvironment environment;

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Chooses Jetty's environment. Without this: ee11 if it is on the class path, else ee10.
     *
     * @param choice whose artifact is on the class path
     * @return this builder
     */
    public Builder environment(JettyEnvironment choice) {
      environment = choice;
      return this;
    }

    /**
     * Changes what no other setting can.
     *
     * @param customizer called with the complete server before it starts; the connectors of the
     *     bound addresses come first and must stay
     * @return this builder
     */
    public Builder customize(Consumer<Server> customizer) {
      customizers.add(customizer);
      return this;
    }

    @Override
    public JettyGateway start() throws IOException {
      OwnedApplications applications = ownedApplications();
      Server server = new GatewayServer();
      try {
        JettyEnvironment chosen = environment == null ? JettyEnvironment.newest() : environment;
        GatewayContext context = chosen.newContext();
        fill(context);
        server.setHandler(new GracefulHandler(new InlineHandler(context)));
        Duration timeout = gracefulTimeout();
        server.setStopTimeout(timeout.toMillis());
        JettyConnectors connectors =
            new JettyConnectors(server, encodedPaths(), forwardedHeaders());
        addresses().forEach(connectors::add);
        AccessLog log = accessLog();
        if (log != null) {
          server.setRequestLog(new JettyAccessLog(log));
        }
        customizers.forEach(customizer -> customizer.accept(server));
        connectors.complete();
        for (BindAddress address : addresses()) {
          address.beforeBind();
        }
        server.start();
        for (BindAddress address : addresses()) {
          address.afterBind();
        }
        return new JettyGateway(server, List.copyOf(addresses()), drain(), applications);
      } catch (Throwable failure) {
        try (applications) {
          stop(server);
        }
        throw failed(failure);
      }
    }

    private void fill(GatewayContext context) {
      if (encodedPaths() == EncodedPaths.ACCEPT) {
        context.decodeAmbiguousUris();
      }
      filters().forEach(it -> context.filter(it.mapping(), it.filter()));
      staticFolders().forEach(context::staticFolder);
      servlets().forEach(it -> context.servlet(it.mapping(), it.servlet()));
      mounts().forEach(it -> context.servlet(it.mapping(), servletOf(it)));
    }

    private static IOException failed(Throwable failure) {
      if (failure instanceof IOException e) {
        return e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      throw new IllegalStateException("Jetty did not start: " + failure.getMessage(), failure);
    }
  }
}
