package dev.gangway.jetty;

import dev.gangway.server.ForwardedHeaders;
import dev.gangway.server.ForwardedOrigin;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
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
    boolean concerned = false;
    for (HttpField field : request.getHeaders()) {
      concerned |= ForwardedHeaders.concerns(field.getName());
    }
    if (!concerned) {
      return request;
    }
    SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
    HttpFields fields = request.getHeaders();
    try {
      ForwardedOrigin origin =
          headers.decide(
              peer instanceof InetSocketAddress inet && inet.getAddress() != null
                  ? inet.getAddress().getHostAddress()
                  : null,
              fields.getFieldNamesCollection(),
              fields::getValuesList);
      return new ForwardedRequest(request, origin);
    } catch (IllegalArgumentException e) {
      throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, e.getMessage(), e);
    }
  }

  private static final class ForwardedRequest extends Request.Wrapper {

    private final HttpURI uri;
    private final HttpFields fields;
    private final ConnectionMetaData connection;
    private final boolean secure;

    ForwardedRequest(Request request, ForwardedOrigin origin) {
      super(request);
      HttpURI sent = request.getHttpURI();
      String scheme = origin.scheme() == null ? sent.getScheme() : origin.scheme();
      secure = origin.scheme() == null ? request.isSecure() : origin.scheme().equals("https");
      HttpFields.Mutable changed = HttpFields.build(request.getHeaders());
      origin.headers().forEach((name, values) -> change(changed, name, values));
      HttpURI.Mutable target = HttpURI.build(sent).scheme(scheme);
      String host =
          origin.hostHeader(
              changed.get(HttpHeader.HOST), Objects.requireNonNullElse(scheme, "http"));
      HostPort authority = null;
      if (host != null) {
        // Jetty compares the URI with the Host header, and so do applications.
        authority = new HostPort(host);
        target.authority(authority.getHost(), authority.getPort());
        changed.put(new HostPortHttpField(authority));
      }
      uri = target.asImmutable();
      fields = changed.asImmutable();
      connection =
          new ForwardedConnection(request.getConnectionMetaData(), origin, authority, secure);
      if (origin.prefix() != null) {
        request.setAttribute(ForwardedHeaders.PREFIX_ATTRIBUTE, origin.prefix());
      }
    }

    private static void change(HttpFields.Mutable fields, String name, List<String> values) {
      if (values.isEmpty()) {
        fields.remove(name);
      } else {
        fields.put(name, values);
      }
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
        ForwardedOrigin origin,
        @Nullable HostPort authority,
        boolean secure) {
      super(connection);
      this.secure = secure;
      remote =
          origin.address() == null
              ? connection.getRemoteSocketAddress()
              : InetSocketAddress.createUnresolved(origin.address(), origin.port());
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
