package dev.gangway.tomcat;

import java.nio.file.Path;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1, which also knows whether a request is in hand, and can keep its adapter when
 * the connector comes with Tomcat's own.
 */
final class GatewayProtocol extends Http11NioProtocol {

  private final NioEndpoint endpoint;
  private @Nullable Adapter lenient;
  private boolean unix;

  GatewayProtocol() {
    this(new NioEndpoint());
  }

  private GatewayProtocol(NioEndpoint endpoint) {
    super(endpoint);
    // Kept, because getEndpoint() returns another type in each version of Tomcat.
    this.endpoint = endpoint;
  }

  /** Listens at a Unix domain socket instead of a port. */
  void listenAt(Path socket) {
    endpoint.setUnixDomainSocketPath(socket.toString());
    unix = true;
  }

  /** Whether peers have no address. Tomcat pretends that it is 127.0.0.1. */
  boolean isUnix() {
    return unix;
  }

  /**
   * Refuses new connections. Tomcat's own way deletes a Unix domain socket twice, with a warning.
   */
  void stopListening() {
    closeServerSocketGraceful();
    endpoint.setUnixDomainSocketPath(null);
  }

  void setLenientAdapter(Adapter adapter) {
    lenient = adapter;
    super.setAdapter(adapter);
  }

  @Override
  public void setAdapter(Adapter adapter) {
    super.setAdapter(lenient == null ? adapter : lenient);
  }

  /**
   * Whether a thread works on a request, or one waits for asynchronous completion or sendfile. Idle
   * connections have given their processor back.
   */
  boolean isActive() {
    if (endpoint.getCurrentThreadsBusy() > 0) {
      return true;
    }
    for (SocketWrapperBase<?> connection : endpoint.getConnections()) {
      if (connection.getCurrentProcessor() != null) {
        return true;
      }
    }
    return false;
  }
}
