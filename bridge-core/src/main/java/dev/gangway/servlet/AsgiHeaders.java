package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.Header;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a scope. What frameworks map to environ's keys must not pass for another header,
 * so that the same are left out as in WSGI: names with an underscore, and {@code Proxy}.
 */
final class AsgiHeaders {

  private AsgiHeaders() {}

  /**
   * The headers of a request, in the order in which each name came first.
   *
   * @param environ of the request
   * @param request of the container, or null if there is only the environ
   * @return names in lower case and values, bytes as unicode
   */
  static List<Header> of(Environ environ, @Nullable HttpServletRequest request) {
    List<Header> headers = new ArrayList<>(16);
    if (request == null) {
      environ.forEach((key, value) -> addVariable(headers, key, value));
      return headers;
    }
    boolean host = false;
    Enumeration<String> names = request.getHeaderNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.indexOf('_') >= 0 || lower.equals("proxy")) {
        continue;
      }
      host |= lower.equals("host");
      if (lower.equals("content-length")) {
        addLength(headers, environ);
      } else {
        Enumeration<String> values = request.getHeaders(name);
        while (values.hasMoreElements()) {
          headers.add(new Header(lower, Latin1.of(values.nextElement())));
        }
      }
    }
    String authority = host ? null : environ.string("HTTP_HOST");
    if (authority != null) {
      headers.add(0, new Header("host", authority)); // Of HTTP/2, as the specification has it.
    }
    return headers;
  }

  /** A form that a filter has read, and that was made again, may have another length. */
  private static void addLength(List<Header> headers, Environ environ) {
    String length = environ.string("CONTENT_LENGTH");
    if (length != null) {
      headers.add(new Header("content-length", length));
    }
  }

  private static void addVariable(List<Header> headers, String key, Object value) {
    boolean content = key.equals("CONTENT_TYPE") || key.equals("CONTENT_LENGTH");
    if ((content || key.startsWith("HTTP_")) && value instanceof String text) {
      String name = content ? key : key.substring(5);
      headers.add(new Header(name.toLowerCase(Locale.ROOT).replace('_', '-'), text));
    }
  }
}
