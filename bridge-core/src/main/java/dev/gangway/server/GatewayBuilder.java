package dev.gangway.server;

import dev.gangway.GatewayApplication;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that every container's front door has. Not safe for many threads.
 *
 * @param <B> the container's own builder
 */
public abstract class GatewayBuilder<B extends GatewayBuilder<B>> {

  /**
   * An application and where it is.
   *
   * @param mapping such as {@code /shop/*}, or {@code /} at the root
   * @param application what answers there
   */
  public record Mount(String mapping, GatewayApplication application) {}

  /**
   * A servlet and where it is.
   *
   * @param mapping of the Servlet specification
   * @param servlet what answers there
   */
  public record MappedServlet(String mapping, Servlet servlet) {}

  /**
   * A filter and where it is.
   *
   * @param mapping of the Servlet specification
   * @param filter what stands before the servlets there
   */
  public record MappedFilter(String mapping, Filter filter) {}

  private final List<BindAddress> addresses = new ArrayList<>();
  private final List<Mount> mounts = new ArrayList<>();
  private final List<MappedServlet> servlets = new ArrayList<>();
  private final List<MappedFilter> filters = new ArrayList<>();
  private final List<GatewayServlet> draining = new ArrayList<>();
  private final List<StaticFolder> staticFolders = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private ForwardedHeaders allowed = ForwardedHeaders.trusting(List.of());
  private ForwardedHeaders.Kind forwardedKind = ForwardedHeaders.Kind.ANY;
  private int hops = Integer.MAX_VALUE;
  private Duration gracefulTimeout = Duration.ofSeconds(30);
  private EncodedPaths encodedPaths = EncodedPaths.ACCEPT;
  private @Nullable AccessLog accessLog;

  /** For the containers' builders. */
  protected GatewayBuilder() {}

  /**
   * This builder.
   *
   * @return itself
   */
  protected abstract B self();

  /**
   * Starts the server.
   *
   * @return the running server
   * @throws IOException if an address cannot be bound
   * @throws IllegalStateException if the container does not start for another reason
   */
  public abstract Gateway start() throws IOException;

  /**
   * Listens at an address; repeat it for several. Without any, at {@code 127.0.0.1:8000}.
   *
   * @param address in gunicorn's syntax, see {@link BindAddress}; port 0 takes a free port
   * @return this builder
   * @throws IllegalArgumentException if it is not an address
   */
  public B bind(String address) {
    addresses.add(BindAddress.parse(address));
    return self();
  }

  /**
   * Mounts an application. The running gateway owns it: an application that is {@link
   * AutoCloseable} is closed with the gateway, or when the gateway does not start.
   *
   * @param path such as {@code /shop}; {@code ""} or {@code /} is the root
   * @param application what answers for the path and all below it
   * @return this builder
   * @throws IllegalArgumentException if the path is malformed or taken
   */
  public B mount(String path, GatewayApplication application) {
    mounts.add(new Mount(take(mappingOf(path)), application));
    return self();
  }

  /**
   * Adds an ordinary servlet beside the applications. It supports asynchronous operation.
   *
   * @param mapping of the Servlet specification, such as {@code /api/*}
   * @param servlet initialised at the start
   * @return this builder
   * @throws IllegalArgumentException if the mapping is taken
   */
  public B servlet(String mapping, Servlet servlet) {
    servlets.add(new MappedServlet(take(mapping), servlet));
    return self();
  }

  /**
   * Adds a filter in front of servlets, applications and static folders, after those added before.
   * It supports asynchronous operation.
   *
   * @param mapping of the Servlet specification, such as {@code /*}
   * @param filter initialised at the start
   * @return this builder
   */
  public B filter(String mapping, Filter filter) {
    filters.add(new MappedFilter(mapping, filter));
    return self();
  }

  /**
   * Has the container's default servlet answer GET and HEAD for the files of a folder, as for
   * Django's {@code STATIC_ROOT}. Symbolic links below the folder are not followed.
   *
   * @param path such as {@code /static}
   * @param folder an existing folder
   * @param files how they are served
   * @return this builder
   * @throws IllegalArgumentException if the path is malformed or taken, or there is no such folder
   */
  public B staticFolder(String path, Path folder, StaticFiles files) {
    String mapping = take(mappingOf(path));
    String prefix = mapping.equals("/") ? "" : mapping.substring(0, mapping.length() - 2);
    staticFolders.add(StaticFolder.of(prefix, folder, files));
    return self();
  }

  /**
   * Believes {@code Forwarded} and {@code X-Forwarded-*} headers of these peers, see {@link
   * ForwardedHeaders}: they change the remote address, scheme, host, port and {@code SCRIPT_NAME}.
   * Those of others are removed; without this, of all.
   *
   * @param addresses numbers such as {@code 127.0.0.1}, networks such as {@code 10.0.0.0/8}, {@code
   *     unix}, or {@code *} for all; peers of a Unix domain socket are believed whenever there is
   *     one address
   * @return this builder
   * @throws IllegalArgumentException if one is neither
   */
  public B forwardedAllowIps(String... addresses) {
    allowed = ForwardedHeaders.trusting(List.of(addresses));
    return self();
  }

  /**
   * How many proxies are believed at most, counted from this server. Without this, as many as
   * {@link #forwardedAllowIps} knows.
   *
   * @param count at least 1, which is the proxy that connects to this server
   * @return this builder
   * @throws IllegalArgumentException if the count is smaller
   */
  public B forwardedHops(int count) {
    ForwardedHeaders.checkHops(count);
    hops = count;
    return self();
  }

  /**
   * Which headers the proxies set; the others are removed. Without this, {@link
   * ForwardedHeaders.Kind#ANY}.
   *
   * @param kind of headers
   * @return this builder
   */
  public B forwardedHeaders(ForwardedHeaders.Kind kind) {
    forwardedKind = kind;
    return self();
  }

  /**
   * How long {@code close()} waits for requests in hand. Without this, 30 seconds.
   *
   * @param timeout 0 does not wait
   * @return this builder
   */
  public B gracefulTimeout(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(
          "The graceful timeout " + timeout + " is negative. Use 0 not to wait.");
    }
    gracefulTimeout = timeout;
    return self();
  }

  /**
   * What happens to paths that can be read in two ways. Without this, {@link EncodedPaths#ACCEPT}.
   *
   * @param choice accept or reject
   * @return this builder
   */
  public B encodedPaths(EncodedPaths choice) {
    encodedPaths = choice;
    return self();
  }

  /**
   * Logs every request, also those for static files. Without this, none.
   *
   * @param log told when the request is over
   * @return this builder
   */
  public B accessLog(AccessLog log) {
    accessLog = log;
    return self();
  }

  /**
   * Where to listen.
   *
   * @return at least one address
   */
  protected final List<BindAddress> addresses() {
    return addresses.isEmpty() ? List.of(BindAddress.parse("127.0.0.1")) : addresses;
  }

  /**
   * The applications.
   *
   * @return in the order they were added
   */
  protected final List<Mount> mounts() {
    return mounts;
  }

  /**
   * The ordinary servlets.
   *
   * @return in the order they were added
   */
  protected final List<MappedServlet> servlets() {
    return servlets;
  }

  /**
   * The filters.
   *
   * @return in the order they were added
   */
  protected final List<MappedFilter> filters() {
    return filters;
  }

  /**
   * The static folders.
   *
   * @return in the order they were added
   */
  protected final List<StaticFolder> staticFolders() {
    return staticFolders;
  }

  /**
   * Whose headers are believed.
   *
   * @return the policy
   */
  protected final ForwardedHeaders forwardedHeaders() {
    return allowed.hops(hops).kind(forwardedKind);
  }

  /**
   * How long to wait for requests in hand.
   *
   * @return not negative
   */
  protected final Duration gracefulTimeout() {
    return gracefulTimeout;
  }

  /**
   * What to do with ambiguous paths.
   *
   * @return the choice
   */
  protected final EncodedPaths encodedPaths() {
    return encodedPaths;
  }

  /**
   * Who is told of requests.
   *
   * @return the log, or null
   */
  protected final @Nullable AccessLog accessLog() {
    return accessLog;
  }

  /**
   * The servlet of a mount.
   *
   * @param mount the application
   * @return tells the access log what the application does, if there is one
   */
  protected final Servlet servletOf(Mount mount) {
    GatewayServlet servlet = new GatewayServlet(mount.application(), accessLog != null);
    draining.add(servlet);
    return servlet;
  }

  /**
   * Ends what stays open after its request in the servlets of the mounts, and in those that were
   * added beside them.
   *
   * @return to be run when the server is about to wait for the requests in hand
   */
  protected final Runnable drain() {
    return () -> {
      draining.forEach(GatewayServlet::drain);
      for (MappedServlet added : servlets) {
        if (added.servlet() instanceof GatewayServlet servlet) {
          servlet.drain();
        }
      }
    };
  }

  /**
   * Closes what is mounted and can be closed, the last first.
   *
   * @return closes all, even if one fails; may be called again
   */
  protected final OwnedApplications ownedApplications() {
    return new OwnedApplications(mounts.stream().map(Mount::application).toList());
  }

  /**
   * The servlet mapping of a mount.
   *
   * @param path such as {@code /shop}, or {@code ""} or {@code /}
   * @return such as {@code /shop/*}, or {@code /} for the root, so that servlets mapped to an
   *     extension come first
   * @throws IllegalArgumentException if the path is malformed
   */
  public static String mappingOf(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return "/";
    }
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (!trimmed.startsWith("/") || trimmed.endsWith("/") || trimmed.contains("*")) {
      throw new IllegalArgumentException(
          "Cannot mount at \"" + path + "\": use a path such as /shop, or / for the root.");
    }
    return trimmed + "/*";
  }

  private String take(String mapping) {
    if (!taken.add(mapping)) {
      throw new IllegalArgumentException(
          "Something is mounted at \"" + mapping + "\" already. Mount it somewhere else.");
    }
    return mapping;
  }
}
