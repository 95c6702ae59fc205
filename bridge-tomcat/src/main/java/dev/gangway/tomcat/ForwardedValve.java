package dev.gangway.tomcat;

import dev.gangway.server.ForwardedHeaders;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Collections;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Shows the client's address and URL instead of the proxy's. Tomcat's RemoteIpValve is not used,
 * because it does not know RFC 7239.
 */
final class ForwardedValve extends ValveBase {

  private final ForwardedHeaders headers;

  ForwardedValve(ForwardedHeaders headers) {
    super(true);
    this.headers = headers;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (headers.trusts(request.getPeerAddr())) {
      ForwardedHeaders.Origin origin =
          headers.read(name -> Collections.list(request.getHeaders(name)));
      if (origin != null) {
        apply(origin, request);
      }
    }
    getNext().invoke(request, response);
  }

  private static void apply(ForwardedHeaders.Origin origin, Request request) {
    org.apache.coyote.Request coyote = request.getCoyoteRequest();
    if (origin.address() != null) {
      request.setRemoteAddr(origin.address());
      request.setRemoteHost(origin.address());
    }
    String scheme = origin.scheme();
    if (scheme != null) {
      coyote.scheme().setString(scheme);
      request.setSecure(scheme.equals("https"));
    }
    if (origin.host() != null || origin.serverPort() > 0) {
      String host = origin.host() == null ? request.getServerName() : origin.host();
      coyote.serverName().setString(host);
      // Applications prefer the Host header, so it must say the same.
      String port = origin.serverPort() > 0 ? ":" + origin.serverPort() : "";
      coyote.getMimeHeaders().setValue("Host").setString(host + port);
    }
    if (origin.serverPort() > 0) {
      coyote.setServerPort(origin.serverPort());
    } else if (origin.host() != null || (scheme != null && !hostHasPort(request))) {
      coyote.setServerPort(request.isSecure() ? 443 : 80);
    }
  }

  private static boolean hostHasPort(Request request) {
    String host = request.getHeader("Host");
    return host != null && host.lastIndexOf(':') > host.lastIndexOf(']');
  }
}
