package dev.gangway.tomcat;

import dev.gangway.server.BindAddress;
import dev.gangway.server.EncodedPaths;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Adds a connector for each address, all with the same HTTP settings. */
final class TomcatConnectors {

  /** As long as a proxy in front keeps connections, in milliseconds. */
  private static final String IDLE = "75000";

  /** Tomcat's own default. */
  private static final int MAX_THREADS = 200;

  /** Bytes; each read of an upload costs about the same, however much it brings. */
  private static final String INPUT_BUFFER = "32768";

  /** gunicorn's. */
  private static final String BACKLOG = "2048";

  private static final String HEAD_SIZE = Integer.toString(32 * 1024);

  private final Tomcat tomcat;
  private final EncodedPaths encodedPaths;
  private final ElasticExecutor executor = new ElasticExecutor(MAX_THREADS);

  TomcatConnectors(Tomcat tomcat, EncodedPaths encodedPaths) {
    this.tomcat = tomcat;
    this.encodedPaths = encodedPaths;
    tomcat.getService().addExecutor(executor);
  }

  void add(BindAddress address) {
    GatewayProtocol protocol = new GatewayProtocol();
    Connector connector = new Connector(protocol);
    protocol.setExecutor(executor);
    if (address.socket() == null) {
      connector.setPort(address.port());
      String host = address.host();
      if (host != null && !host.isEmpty()) {
        connector.setProperty("address", host);
      }
    } else {
      protocol.listenAt(address.socket());
    }
    // Bound at the start, not before, so that the graceful stop can close the socket first.
    connector.setProperty("bindOnInit", "false");
    connector.setProperty("acceptCount", BACKLOG);
    connector.setProperty("connectionTimeout", IDLE);
    connector.setProperty("keepAliveTimeout", IDLE);
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("tcpNoDelay", "true");
    connector.setProperty("socket.appReadBufSize", INPUT_BUFFER);
    connector.setProperty("maxHttpRequestHeaderSize", HEAD_SIZE);
    connector.setProperty("maxHttpResponseHeaderSize", HEAD_SIZE);
    connector.setProperty("compression", "off");
    // Expect: 100-continue is answered when the application first reads.
    connector.setProperty("continueResponseTiming", "onRead");
    connector.setXpoweredBy(false);
    connector.setAllowTrace(true);
    connector.setThrowOnFailure(true);
    if (encodedPaths == EncodedPaths.ACCEPT) {
      protocol.setLenientAdapter(new LenientAdapter(connector));
      // Not "decode": an escaped slash must not decide which mount a request goes to.
      connector.setEncodedSolidusHandling("passthrough");
      connector.setEncodedReverseSolidusHandling("passthrough");
      connector.setProperty("relaxedPathChars", "\"<>[]^`{|}");
      connector.setProperty("relaxedQueryChars", "\"<>[\\]^`{|}");
    }
    tomcat.getService().addConnector(connector);
  }
}
