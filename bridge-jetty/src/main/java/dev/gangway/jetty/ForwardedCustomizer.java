package dev.gangway.jetty;

import dev.gangway.server.ForwardedHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.eclipse.jetty.http.HostPortHttpField;
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
    private final HttpFields fields;
    private final ConnectionMetaData connection;
    private final boolean secure;

    ForwardedRequest(Request request, ForwardedHeaders.Origin origin) {
      super(request);
      String scheme = origin.scheme();
      secure = scheme == null ? request.isSecure() : scheme.equals("https");
      HttpURI.Mutable changed = HttpURI.build(request.getHttpURI());
      if (scheme != null) {
        changed.scheme(scheme);
      }
      HostPort authority = null;
      if (origin.host() != null || origin.serverPort() > 0) {
        String host = origin.host() == null ? Request.getServerName(request) : origin.host();
        authority = new HostPort(Objects.requireNonNull(host), origin.serverPort());
        changed.authority(authority.getHost(), authority.getPort());
      }
      uri = changed.asImmutable();
      // Jetty compares the URI with the Host header, and so do applications.
      fields =
          authority == null
              ? request.getHeaders()
              : HttpFields.build(request.getHeaders()).put(new HostPortHttpField(authority));
      connection =
          new ForwardedConnection(request.getConnectionMetaData(), origin, authority, secure);
    }

    @Override
    public HttpFields getHeaders() {
      return fields;
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
        ConnectionMetaData connection,
        ForwardedHeaders.Origin origin,
        @Nullable HostPort authority,
        boolean secure) {
      super(connection);
      this.secure = secure;
      remote =
          origin.address() == null
              ? connection.getRemoteSocketAddress()
              : InetSocketAddress.createUnresolved(
                  origin.address(),
                  connection.getRemoteSocketAddress() instanceof InetSocketAddress peer
                      ? peer.getPort()
                      : 0);
      this.authority = authority;
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
      return authority == null ? super.getServerAuthority() : authority;
    }
  }
}
