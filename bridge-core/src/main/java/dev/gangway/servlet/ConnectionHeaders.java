package dev.gangway.servlet;

import dev.gangway.Header;
import java.util.List;
import java.util.Locale;

/**
 * The headers of the connection that ASGI frameworks set although they belong to the server: {@code
 * Transfer-Encoding: chunked} and {@code Connection: keep-alive} say what the server does anyway,
 * and {@code Connection: close} is a wish. Other hop-by-hop headers are mistakes.
 */
final class ConnectionHeaders {

  static final Header CLOSE = new Header("connection", "close");

  private ConnectionHeaders() {}

  /**
   * Whether there are any.
   *
   * @param headers of an application
   * @return false in the usual case
   */
  static boolean areIn(List<Header> headers) {
    for (Header header : headers) {
      if (isTolerated(header)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The headers without them.
   *
   * @param headers of an application
   * @return the others, in order
   */
  static List<Header> without(List<Header> headers) {
    return headers.stream().filter(header -> !isTolerated(header)).toList();
  }

  /**
   * Whether the application wants the connection to be closed after the response.
   *
   * @param headers of an application
   * @return true if one of them says so
   */
  static boolean close(List<Header> headers) {
    return headers.stream()
        .anyMatch(
            header ->
                header.name().equalsIgnoreCase("connection")
                    && header.value().trim().equalsIgnoreCase("close"));
  }

  private static boolean isTolerated(Header header) {
    String name = header.name();
    if (name == null || header.value() == null) {
      return false;
    }
    if (name.equalsIgnoreCase("transfer-encoding")) {
      return header.value().trim().equalsIgnoreCase("chunked");
    }
    if (name.equalsIgnoreCase("connection")) {
      String value = header.value().trim().toLowerCase(Locale.ROOT);
      return value.equals("close") || value.equals("keep-alive");
    }
    return false;
  }
}
