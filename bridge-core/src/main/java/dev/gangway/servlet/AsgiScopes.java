package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.asgi.Address;
import dev.gangway.asgi.ConnectionScope;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the scope of a connection (ASGI HTTP and WebSocket 2.5) of its environ. */
final class AsgiScopes {

  private AsgiScopes() {}

  /**
   * What HTTP requests and WebSockets have in common.
   *
   * @param environ of the request, with what a customizer has put
   * @param webSocket whether the scheme is that of WebSockets
   * @return the scope
   */
  static ConnectionScope connection(Environ environ, boolean webSocket) {
    HttpServletRequest request =
        environ.get("jakarta.servlet.request") instanceof HttpServletRequest servlets
            ? servlets
            : null;
    Map<String, Object> extras = extras(environ);
    String rootPath = text(environ.scriptName());
    String pathInfo = text(environ.pathInfo());
    return new ConnectionScope(
        httpVersion(environ),
        scheme(environ, webSocket),
        rootPath.isEmpty() ? pathInfo : rootPath + pathInfo,
        rawPath(environ),
        environ.queryString(),
        rootPath,
        AsgiHeaders.of(environ, request),
        address(environ.string("REMOTE_ADDR"), environ.string("REMOTE_PORT")),
        request == null
            ? address(environ.string("SERVER_NAME"), environ.string("SERVER_PORT"))
            : local(request),
        request == null || !request.isSecure() ? null : TlsAttributes.connection(request),
        extras);
  }

  private static String httpVersion(Environ environ) {
    String protocol = environ.string("SERVER_PROTOCOL");
    return protocol == null || !protocol.startsWith("HTTP/") ? "1.1" : protocol.substring(5);
  }

  private static String scheme(Environ environ, boolean webSocket) {
    String scheme = environ.urlScheme();
    return !webSocket ? scheme : scheme.equals("https") ? "wss" : "ws";
  }

  /** The target's path as it was sent, behind what a proxy took off it. */
  private static String rawPath(Environ environ) {
    String target = environ.string("REQUEST_URI");
    if (target == null) {
      return "";
    }
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (!path.startsWith("/")) {
      int authority = path.indexOf("://");
      int slash = authority < 0 ? -1 : path.indexOf('/', authority + 3);
      return authority < 0 ? path : slash < 0 ? "/" : path.substring(slash);
    }
    return path;
  }

  private static @Nullable Address address(@Nullable String host, @Nullable String port) {
    return host == null || host.isEmpty()
        ? null
        : new Address(host, port == null ? 0 : Integer.parseInt(port));
  }

  /** Where the server listens, as Uvicorn has it: what the client believes is in {@code Host}. */
  private static @Nullable Address local(HttpServletRequest request) {
    String host = request.getLocalAddr();
    if (host == null || host.isEmpty() || request.getLocalPort() <= 0) {
      return socket(request);
    }
    return new Address(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host, request.getLocalPort());
  }

  /** The path of a Unix domain socket, which the Servlet API has no word for. */
  private static @Nullable Address socket(HttpServletRequest request) {
    SocketChannel connection = Containers.connection(request);
    try {
      return connection != null
              && connection.getLocalAddress() instanceof UnixDomainSocketAddress address
          ? new Address(address.getPath().toString(), -1)
          : null;
    } catch (IOException e) {
      return null; // It is closed.
    }
  }

  private static Map<String, Object> extras(Environ environ) {
    Map<String, Object> extras = new HashMap<>(0);
    for (Map.Entry<String, Object> entry : environ.known().entrySet()) {
      String key = entry.getKey();
      if (key.indexOf('.') > 0
          && !key.startsWith("wsgi.")
          && !key.startsWith("jakarta.")
          && !key.equals("gangway.client_disconnected")) {
        extras.put(key, entry.getValue() instanceof String s ? text(s) : entry.getValue());
      }
    }
    String user = environ.string("REMOTE_USER");
    if (user != null) {
      extras.put("gangway.remote_user", text(user));
    }
    String type = environ.string("AUTH_TYPE");
    if (type != null) {
      extras.put("gangway.auth_type", type);
    }
    return extras;
  }

  /** Bytes as unicode as the text that they are in UTF-8; what is not becomes U+FFFD. */
  private static String text(String bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.charAt(i) > 0x7F) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return bytes;
  }
}
