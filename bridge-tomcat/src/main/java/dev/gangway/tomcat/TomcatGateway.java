package dev.gangway.tomcat;

import dev.gangway.GatewayApplication;
import dev.gangway.server.AccessLog;
import dev.gangway.server.BindAddress;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.OwnedApplications;
import dev.gangway.servlet.GatewayServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;

/**
 * A running Tomcat that serves gateway applications.
 *
 * <pre>{@code
 * try (TomcatGateway gateway =
 *     TomcatGateway.builder().bind("127.0.0.1:8000").mount("/", application).start()) {
 *   gateway.join();
 * }
 * }</pre>
 *
 * <p>Safe for many threads.
 */
public final class TomcatGateway implements Gateway {

  private static final System.Logger LOG = System.getLogger(TomcatGateway.class.getName());

  private final Tomcat tomcat;
  private final Path baseDirectory;
  private final Duration gracefulTimeout;
  private final List<BindAddress> addresses;
  private final Runnable drain;
  private final OwnedApplications applications;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean closing;

  private TomcatGateway(
      Tomcat tomcat,
      Path baseDirectory,
      Duration gracefulTimeout,
      List<BindAddress> addresses,
      Runnable drain,
      OwnedApplications applications) {
    this.tomcat = tomcat;
    this.baseDirectory = baseDirectory;
    this.gracefulTimeout = gracefulTimeout;
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
   * Mounts an application in a context that is there, before the context is started. The context
   * gets WebSockets if Tomcat's are on the class path. The application stays the caller's to close.
   *
   * @param context of any Tomcat
   * @param path in the context, such as {@code /shop}; {@code ""} or {@code /} is its root
   * @param application what answers for the path and all below it
   * @throws IllegalArgumentException if the path is malformed
   */
  public static void mount(Context context, String path, GatewayApplication application) {
    TomcatWebSockets.enable(context);
    new TomcatContext(context)
        .servlet(GatewayBuilder.mappingOf(path), new GatewayServlet(application));
  }

  @Override
  public int port() {
    Connector[] connectors = tomcat.getService().findConnectors();
    for (int i = 0; i < addresses.size(); i++) {
      if (addresses.get(i).socket() == null) {
        return connectors[i].getLocalPort();
      }
    }
    return -1;
  }

  @Override
  public List<URI> uris() {
    List<URI> uris = new ArrayList<>();
    Connector[] connectors = tomcat.getService().findConnectors();
    for (int i = 0; i < addresses.size(); i++) {
      uris.add(addresses.get(i).uri(connectors[i].getLocalPort()));
    }
    return List.copyOf(uris);
  }

  /**
   * The server itself.
   *
   * @return Tomcat
   */
  public Tomcat tomcat() {
    return tomcat;
  }

  @Override
  public void join() throws InterruptedException {
    closed.await();
  }

  @Override
  public synchronized void close() {
    if (closing) {
      return;
    }
    closing = true;
    try {
      drain.run();
      if (!GracefulStop.drain(tomcat.getService(), gracefulTimeout)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Requests were still in hand after the graceful timeout of {0} ms; they are broken off",
            gracefulTimeout.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      release();
    }
  }

  private void release() {
    try (applications) {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      LOG.log(System.Logger.Level.WARNING, "Tomcat did not stop cleanly", e);
    } finally {
      delete(baseDirectory);
      closed.countDown();
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot delete Tomcat's folder " + directory, e);
    }
  }

  /** The settings of a new server. Not safe for many threads. */
  public static final class Builder extends GatewayBuilder<Builder> {

    private final List<Consumer<Tomcat>> customizers = new ArrayList<>();

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Changes what no other setting can.
     *
     * @param customizer called with the complete server before it starts; the connectors of the
     *     bound addresses come first and must stay
     * @return this builder
     */
    public Builder customize(Consumer<Tomcat> customizer) {
      customizers.add(customizer);
      return this;
    }

    @Override
    public TomcatGateway start() throws IOException {
      Tomcat tomcat = new Tomcat();
      Path baseDirectory = Files.createTempDirectory("gangway-tomcat");
      TomcatGateway gateway =
          new TomcatGateway(
              tomcat,
              baseDirectory,
              gracefulTimeout(),
              List.copyOf(addresses()),
              drain(),
              ownedApplications());
      try {
        tomcat.setBaseDir(baseDirectory.toString());
        fill(tomcat);
        for (BindAddress address : addresses()) {
          address.beforeBind();
        }
        tomcat.start();
        for (BindAddress address : addresses()) {
          address.afterBind();
        }
        return gateway;
      } catch (Throwable failure) {
        gateway.release();
        throw failed(failure);
      }
    }

    private void fill(Tomcat tomcat) {
      TomcatConnectors connectors = new TomcatConnectors(tomcat, encodedPaths());
      addresses().forEach(connectors::add);
      tomcat.setConnector(tomcat.getService().findConnectors()[0]);
      ErrorReportValve errors = new ErrorReportValve();
      errors.setShowServerInfo(false);
      errors.setShowReport(false);
      tomcat.getHost().getPipeline().addValve(errors);
      AccessLog log = accessLog();
      if (log != null) {
        tomcat.getEngine().getPipeline().addValve(new TomcatAccessLog(log));
      }
      tomcat.getEngine().getPipeline().addValve(new PathValve(encodedPaths()));
      tomcat.getEngine().getPipeline().addValve(new ForwardedValve(forwardedHeaders()));
      StandardContext context = (StandardContext) tomcat.addContext("", null);
      context.setParentClassLoader(TomcatGateway.class.getClassLoader());
      // Applications bring their own sessions; without this a ;jsessionid in a path is eaten.
      context.setCookies(false);
      // These look for leaks of web applications that come and go, with reflection in the JDK.
      context.setClearReferencesRmiTargets(false);
      context.setClearReferencesThreadLocals(false);
      Tomcat.addDefaultMimeTypeMappings(context);
      TomcatWebSockets.enable(context);
      TomcatContext target = new TomcatContext(context);
      filters().forEach(it -> target.filter(it.mapping(), it.filter()));
      staticFolders().forEach(target::staticFolder);
      servlets().forEach(it -> target.servlet(it.mapping(), it.servlet()));
      mounts().forEach(it -> target.servlet(it.mapping(), servletOf(it)));
      customizers.forEach(customizer -> customizer.accept(tomcat));
    }

    private static IOException failed(Throwable failure) {
      Throwable cause = failure;
      while (cause instanceof LifecycleException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      if (cause instanceof IOException e) {
        return e;
      }
      if (cause instanceof RuntimeException e) {
        throw e;
      }
      if (cause instanceof Error e) {
        throw e;
      }
      throw new IllegalStateException("Tomcat did not start: " + cause.getMessage(), failure);
    }
  }
}
