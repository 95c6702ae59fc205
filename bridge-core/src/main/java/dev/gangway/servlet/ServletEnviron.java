package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.EnvironSource;
import dev.gangway.FileBody;
import dev.gangway.FileWrapper;
import dev.gangway.GatewayInput;
import dev.gangway.server.ForwardedHeaders;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The environ of a servlet request. Asks the request for a value when the application does. */
final class ServletEnviron implements EnvironSource {

  private static final List<Integer> VERSION = List.of(1, 0);
  private static final FileWrapper FILE_WRAPPER = FileBody::of;

  /** Every key but the headers' and those of TLS. */
  private static final String[] KEYS = {
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "REQUEST_URI",
    "RAW_URI",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "REMOTE_USER",
    "AUTH_TYPE",
    "wsgi.version",
    "wsgi.url_scheme",
    "wsgi.input",
    "wsgi.input_terminated",
    "wsgi.errors",
    "wsgi.file_wrapper",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
    "gangway.client_disconnected",
    "jakarta.servlet.request",
    "jakarta.servlet.response",
    "jakarta.servlet.context",
  };

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final RequestPath path;
  private final RequestContent content;
  private final BooleanSupplier clientDisconnected;
  private final boolean hosted;

  private ServletEnviron(
      HttpServletRequest request,
      HttpServletResponse response,
      RequestPath path,
      RequestContent content,
      BooleanSupplier clientDisconnected,
      boolean hosted) {
    this.request = request;
    this.response = response;
    this.path = path;
    this.content = content;
    this.clientDisconnected = clientDisconnected;
    this.hosted = hosted;
  }

  /**
   * The environ of an application that is called.
   *
   * @param request the request
   * @param response its response
   * @param path the request's path
   * @param content the request's body, which becomes {@code wsgi.input}
   * @param clientDisconnected {@code gangway.client_disconnected}
   * @return the environ
   */
  static Environ forApplication(
      HttpServletRequest request,
      HttpServletResponse response,
      RequestPath path,
      RequestContent content,
      BooleanSupplier clientDisconnected) {
    return new Environ(
        new ServletEnviron(request, response, path, content, clientDisconnected, false));
  }

  /**
   * The environ of an application behind an exchange: without {@code wsgi.input}, {@code
   * wsgi.errors} and {@code wsgi.file_wrapper}, which are its host's business.
   *
   * @param request the request
   * @param response its response
   * @param path the request's path
   * @param content the request's body, for its length
   * @param clientDisconnected {@code gangway.client_disconnected}
   * @return the environ
   */
  static Environ forExchange(
      HttpServletRequest request,
      HttpServletResponse response,
      RequestPath path,
      RequestContent content,
      BooleanSupplier clientDisconnected) {
    return new Environ(
        new ServletEnviron(request, response, path, content, clientDisconnected, true));
  }

  @Override
  public void forEach(BiConsumer<String, Object> action) {
    for (String key : KEYS) {
      Object value = get(key);
      if (value != null) {
        action.accept(key, value);
      }
    }
    boolean host = false;
    Enumeration<String> names = request.getHeaderNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      String key = RequestHeaders.key(name);
      if (key != null) {
        host |= key.equals("HTTP_HOST");
        action.accept(key, RequestHeaders.value(request.getHeaders(name), key));
      }
    }
    if (!host) {
      String authority = authority();
      if (authority != null) {
        action.accept("HTTP_HOST", authority);
      }
    }
    if (request.isSecure()) {
      for (String key : TlsAttributes.KEYS) {
        String value = TlsAttributes.get(request, key);
        if (value != null) {
          action.accept(key, value);
        }
      }
    }
  }

  @Override
  public @Nullable Object get(String key) {
    return switch (key) {
      case "REQUEST_METHOD" -> Latin1.of(request.getMethod());
      case "SCRIPT_NAME" -> path.scriptName();
      case "PATH_INFO" -> path.pathInfo();
      case "QUERY_STRING" -> Latin1.of(Objects.requireNonNullElse(query(), ""));
      case "REQUEST_URI", "RAW_URI" -> target();
      case "CONTENT_TYPE" -> RequestHeaders.last(request.getHeaders("Content-Type"));
      case "CONTENT_LENGTH" -> content.length() < 0 ? null : Long.toString(content.length());
      case "SERVER_NAME" -> bracketed(request.getServerName());
      case "SERVER_PORT" -> Integer.toString(serverPort());
      case "SERVER_PROTOCOL" -> protocol();
      case "REMOTE_ADDR" -> remoteAddress();
      case "REMOTE_PORT" ->
          request.getRemotePort() > 0 ? Integer.toString(request.getRemotePort()) : null;
      case "REMOTE_USER" ->
          request.getRemoteUser() == null ? null : Latin1.ofUtf8(request.getRemoteUser());
      case "AUTH_TYPE" -> request.getAuthType();
      case "wsgi.version" -> VERSION;
      case "wsgi.url_scheme" -> request.getScheme();
      case "wsgi.input" -> hosted ? null : new GatewayInput(content.stream());
      case "wsgi.errors" -> hosted ? null : ErrorLog.open();
      case "wsgi.file_wrapper" -> hosted ? null : FILE_WRAPPER;
      case "wsgi.input_terminated", "wsgi.multithread" -> true;
      case "wsgi.multiprocess", "wsgi.run_once" -> false;
      case "gangway.client_disconnected" -> clientDisconnected;
      case "jakarta.servlet.request" -> request;
      case "jakarta.servlet.response" -> response;
      case "jakarta.servlet.context" -> request.getServletContext();
      default -> other(key);
    };
  }

  private @Nullable String other(String key) {
    if (key.startsWith("HTTP_")) {
      String name = RequestHeaders.name(key);
      Enumeration<String> values = name == null ? null : request.getHeaders(name);
      if (values != null && values.hasMoreElements()) {
        return RequestHeaders.value(values, key);
      }
      return key.equals("HTTP_HOST") ? authority() : null;
    }
    return request.isSecure() ? TlsAttributes.get(request, key) : null;
  }

  private @Nullable String query() {
    if (request.getDispatcherType() == DispatcherType.INCLUDE
        && request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) != null) {
      return (String) request.getAttribute(RequestDispatcher.INCLUDE_QUERY_STRING);
    }
    return request.getQueryString();
  }

  /** What the client sent, also to a proxy, after a forward or for an error page. */
  private String target() {
    Object uri = request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI);
    Object query = request.getAttribute(RequestDispatcher.FORWARD_QUERY_STRING);
    if (uri == null) {
      uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
      query = request.getQueryString();
    }
    if (uri == null) {
      uri = request.getRequestURI();
    }
    String path = uri.toString();
    if (path.startsWith("/")
        && request.getAttribute(ForwardedHeaders.PREFIX_ATTRIBUTE) instanceof String prefix) {
      path = prefix + path;
    }
    return Latin1.ofUtf8(query == null ? path : path + "?" + query);
  }

  private int serverPort() {
    int port = request.getServerPort();
    return port > 0 ? port : defaultPort();
  }

  private int defaultPort() {
    return "https".equals(request.getScheme()) ? 443 : 80;
  }

  /** An address of IPv6 in brackets, as RFC 3875, section 4.1.14 has it. */
  private static String bracketed(@Nullable String name) {
    if (name == null) {
      return "";
    }
    return name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
  }

  private String protocol() {
    String protocol = request.getProtocol();
    return switch (protocol) {
      case "HTTP/2.0" -> "HTTP/2";
      case "HTTP/3.0" -> "HTTP/3";
      default -> protocol;
    };
  }

  /** The host of a request of HTTP/2 or later, which may come without the header. */
  private @Nullable String authority() {
    if (request.getProtocol().startsWith("HTTP/1") || request.getServerName() == null) {
      return null;
    }
    int port = serverPort();
    String name = bracketed(request.getServerName());
    return port == defaultPort() ? name : name + ":" + port;
  }

  private String remoteAddress() {
    String address = request.getRemoteAddr();
    if (address == null) {
      return ""; // A Unix domain socket.
    }
    return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
  }
}
