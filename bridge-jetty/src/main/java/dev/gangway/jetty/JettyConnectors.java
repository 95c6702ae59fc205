package dev.gangway.jetty;

import dev.gangway.server.BindAddress;
import dev.gangway.server.EncodedPaths;
import dev.gangway.server.ForwardedHeaders;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.HostPort;

/** Adds a connector for each address, all with the same HTTP settings. */
final class JettyConnectors {

  /** As long as a proxy in front keeps connections. */
  private static final Duration IDLE = Duration.ofSeconds(75);

  /** gunicorn's. */
  private static final int BACKLOG = 2048;

  /** As ALPN and the upgrade in the clear call it. */
  private static final Set<String> HTTP_2 = Set.of("h2", "h2c");

  private static final int HEAD_SIZE = 32 * 1024;

  /**
   * What gunicorn lets pass. Not among them: dot segments with parameters ({@code /..;a/}), which
   * Jetty does not resolve, and fragments.
   */
  private static final UriCompliance ACCEPT =
      new UriCompliance(
          "GANGWAY",
          EnumSet.of(
              Violation.AMBIGUOUS_PATH_SEGMENT,
              Violation.AMBIGUOUS_EMPTY_SEGMENT,
              Violation.AMBIGUOUS_PATH_SEPARATOR,
              Violation.AMBIGUOUS_PATH_ENCODING,
              Violation.BAD_UTF8_ENCODING,
              Violation.TRUNCATED_UTF8_ENCODING,
              Violation.BAD_PERCENT_ENCODING,
              Violation.SUSPICIOUS_PATH_CHARACTERS,
              Violation.ILLEGAL_PATH_CHARACTERS));

  /** Bytes; each read of an upload costs about the same, however much it brings. */
  private static final int INPUT_BUFFER = 32 * 1024;

  private final Server server;
  private final HttpConfiguration configuration;

  JettyConnectors(Server server, EncodedPaths encodedPaths, ForwardedHeaders forwarded) {
    this.server = server;
    configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    configuration.setSendDateHeader(true);
    configuration.setRequestHeaderSize(HEAD_SIZE);
    configuration.setMaxResponseHeaderSize(HEAD_SIZE);
    if (encodedPaths == EncodedPaths.ACCEPT) {
      configuration.setUriCompliance(ACCEPT);
    }
    configuration.addCustomizer(new ForwardedCustomizer(forwarded));
  }

  void add(BindAddress address) {
    AbstractConnector connector;
    if (address.socket() == null) {
      ServerConnector tcp = new GatewayConnector(server, executor(), http(configuration));
      String host = address.host();
      tcp.setHost(host == null || host.isEmpty() ? null : host);
      tcp.setPort(address.port());
      tcp.setAcceptQueueSize(BACKLOG);
      connector = tcp;
    } else {
      // Of requests without a Host header; Jetty would take the socket's path for a host.
      HttpConfiguration local = new HttpConfiguration(configuration);
      local.setServerAuthority(new HostPort("localhost", 80));
      GatewayUnixConnector unix = new GatewayUnixConnector(server, executor(), http(local));
      unix.setUnixDomainPath(address.socket());
      unix.setAcceptQueueSize(BACKLOG);
      connector = unix;
    }
    connector.setIdleTimeout(IDLE.toMillis());
    server.addConnector(connector);
  }

  /** Does what depends on all connectors as the customizers leave them. */
  void complete() {
    for (Connector connector : server.getConnectors()) {
      if (connector.getProtocols().stream().anyMatch(HTTP_2::contains)) {
        connector.addEventListener(new Http2Tunnels());
      }
    }
  }

  private Executor executor() {
    return new InlineExecutor(server.getThreadPool());
  }

  private static HttpConnectionFactory http(HttpConfiguration configuration) {
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    http.setInputBufferSize(INPUT_BUFFER);
    return http;
  }
}
