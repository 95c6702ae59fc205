package dev.gangway.servlet;

import dev.gangway.Header;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Gives status and headers to the container. */
final class HeadWriter {

  /** Headers that a container or a filter may have set already, and that must not be repeated. */
  private static final Set<String> SINGLE =
      Set.of(
          "age",
          "cache-control",
          "content-disposition",
          "content-encoding",
          "content-location",
          "content-range",
          "date",
          "etag",
          "expires",
          "last-modified",
          "location",
          "referrer-policy",
          "retry-after",
          "server",
          "strict-transport-security",
          "x-content-type-options",
          "x-frame-options");

  private HeadWriter() {}

  /**
   * Sets status and headers; the application's win over what is set already, if they cannot stand
   * beside it.
   *
   * @param response not committed
   * @param status the three digits
   * @param headers well-formed, in the order to be sent
   */
  static void apply(HttpServletResponse response, int status, List<Header> headers) {
    response.setStatus(status);
    Set<String> replaced = null;
    for (Header header : headers) {
      String name = header.name();
      if (name.equalsIgnoreCase("Content-Type")) {
        setContentType(response, header.value());
      } else if (name.equalsIgnoreCase("Content-Length")) {
        if (status >= 200 && status != 204) {
          response.setContentLengthLong(Long.parseLong(header.value()));
        }
      } else if (name.equalsIgnoreCase("Set-Cookie") || !isSingle(name)) {
        response.addHeader(name, header.value());
      } else {
        if (replaced == null) {
          replaced = new HashSet<>();
        }
        if (replaced.add(name.toLowerCase(Locale.ROOT))) {
          response.setHeader(name, header.value());
        } else {
          response.addHeader(name, header.value());
        }
      }
    }
  }

  /** Jetty adds a charset of its own to types such as {@code text/html}. */
  private static void setContentType(HttpServletResponse response, String type) {
    response.setContentType(type);
    String set = response.getContentType();
    if (set != null && set.length() > type.length() && !hasCharset(type) && hasCharset(set)) {
      response.setCharacterEncoding(null);
    }
  }

  private static boolean hasCharset(String type) {
    return type.toLowerCase(Locale.ROOT).contains("charset=");
  }

  private static boolean isSingle(String name) {
    return SINGLE.contains(name.toLowerCase(Locale.ROOT));
  }
}
