package dev.gangway.tomcat;

import dev.gangway.server.ForwardedHeaders;
import dev.gangway.server.ForwardedOrigin;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;

/**
 * Shows the client's address and URL instead of the proxy's. Tomcat's RemoteIpValve is not used,
 * because it does not know RFC 7239.
 */
final class ForwardedValve extends ValveBase {

  private static final System.Logger LOG = System.getLogger(ForwardedValve.class.getName());

  /** Tomcat has no setter, and would ask the socket, whose port is the proxy's. */
  private static final VarHandle REMOTE_PORT;

  static {
    try {
      REMOTE_PORT =
          MethodHandles.privateLookupIn(Request.class, MethodHandles.lookup())
              .findVarHandle(Request.class, "remotePort", int.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("This version of Tomcat is not known", e);
    }
  }

  private final ForwardedHeaders headers;

  ForwardedValve(ForwardedHeaders headers) {
    super(true);
    this.headers = headers;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    MimeHeaders sent = request.getCoyoteRequest().getMimeHeaders();
    boolean unix =
        request.getConnector().getProtocolHandler() instanceof GatewayProtocol protocol
            && protocol.isUnix();
    if (unix) {
      request.setRemoteAddr("");
    }
    if (concerned(sent)) {
      try {
        apply(
            headers.decide(
                unix ? null : request.getPeerAddr(),
                Collections.list(sent.names()),
                name -> Collections.list(sent.values(name))),
            request);
      } catch (IllegalArgumentException e) {
        LOG.log(System.Logger.Level.DEBUG, e.getMessage());
        response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        return;
      }
    }
    getNext().invoke(request, response);
  }

  /** Without making strings of the names of all headers of every request. */
  private static boolean concerned(MimeHeaders sent) {
    for (int i = 0; i < sent.size(); i++) {
      MessageBytes name = sent.getName(i);
      if ((name.startsWithIgnoreCase("x-", 0) || name.startsWithIgnoreCase("f", 0))
          && ForwardedHeaders.concerns(name.toString())) {
        return true;
      }
    }
    return false;
  }

  private static void apply(ForwardedOrigin origin, Request request) {
    org.apache.coyote.Request coyote = request.getCoyoteRequest();
    origin.headers().forEach((name, values) -> change(coyote.getMimeHeaders(), name, values));
    if (origin.address() != null) {
      request.setRemoteAddr(origin.address());
      request.setRemoteHost(origin.address());
      REMOTE_PORT.set(request, origin.port());
    }
    String scheme = origin.scheme();
    if (scheme != null) {
      coyote.scheme().setString(scheme);
      request.setSecure(scheme.equals("https"));
    }
    String host = origin.hostHeader(request.getHeader("Host"), request.getScheme());
    if (host != null) {
      // Applications prefer the Host header, so it must say the same.
      coyote.getMimeHeaders().setValue("Host").setString(host);
      int port = ForwardedOrigin.portOf(host);
      coyote.serverName().setString(port < 0 ? host : host.substring(0, host.lastIndexOf(':')));
    }
    if (scheme != null || host != null) {
      String now = request.getHeader("Host");
      int port = now == null ? -1 : ForwardedOrigin.portOf(now);
      coyote.setServerPort(port > 0 ? port : ForwardedOrigin.portOfScheme(request.getScheme()));
    }
    if (origin.prefix() != null) {
      request.setAttribute(ForwardedHeaders.PREFIX_ATTRIBUTE, origin.prefix());
    }
  }

  private static void change(MimeHeaders headers, String name, List<String> values) {
    headers.removeHeader(name);
    values.forEach(value -> headers.addValue(name).setString(value));
  }
}
