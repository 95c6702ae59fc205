package dev.gangway.jetty;

import dev.gangway.server.ForwardedHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * Shows the client's address and URL instead of the proxy's. Jetty's ForwardedRequestCustomizer is
 * not used, because it believes everybody, and the first address of the chain, which the client can
 * make up.
 */
final class ForwardedCustomizer implements HttpConfiguration.Customizer {

  private final ForwardedHeaders headers;

  ForwardedCustomizer(ForwardedHeaders headers) {
    this.headers = headers;
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
    String address =
        peer instanceof InetSocketAddress inet && inet.getAddress() != null
            ? inet.getAddress().getHostAddress()
            : null;
    if (!headers.trusts(address)) {
      return request;
    }
    ForwardedHeaders.Origin origin = headers.read(request.getHeaders()::getValuesList);
    return origin == null ? request : new ForwardedRequest(request, origin);
  }

  private static final class ForwardedRequest extends Request.Wrapper {

    private final HttpURI uri;
    private final ConnectionMetaData connection;
    private final boolean secure;

    ForwardedRequest(Request request, ForwardedHeaders.Origin origin) {
      super(request);
      HttpURI.Mutable changed = HttpURI.build(request.getHttpURI());
      if (origin.scheme() != null) {
        changed.scheme(origin.scheme());
      }
      if (origin.host() != null) {
        changed.authority(origin.host(), origin.serverPort() == 0 ? -1 : origin.serverPort());
      } else if (origin.serverPort() > 0) {
        changed.authority(Request.getServerName(request), origin.serverPort());
      }
      uri = changed.asImmutable();
      secure = origin.scheme() == null ? request.isSecure() : origin.scheme().equals("https");
      connection = new ForwardedConnection(request.getConnectionMetaData(), origin, secure);
    }

    @Override
    public HttpURI getHttpURI() {
      return uri;
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
      return connection;
    }
  }

  private static final class ForwardedConnection extends ConnectionMetaData.Wrapper {

    private final SocketAddress remote;
    private final @Nullable HostPort authority;
    private final boolean secure;

    ForwardedConnection(
        ConnectionMetaData connection, ForwardedHeaders.Origin origin, boolean secure) {
      super(connection);
      this.secure = secure;
      remote =
          origin.address() == null
              ? connection.getRemoteSocketAddress()
              : new InetSocketAddress(
                  origin.address(),
                  connection.getRemoteSocketAddress() instanceof InetSocketAddress peer
                      ? peer.getPort()
                      : 0);
      authority =
          origin.host() == null
              ? connection.getServerAuthority()
              : new HostPort(Objects.requireNonNull(origin.host()), origin.serverPort());
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return remote;
    }

    @Override
    public @Nullable HostPort getServerAuthority() {
      return authority;
    }
  }
}
