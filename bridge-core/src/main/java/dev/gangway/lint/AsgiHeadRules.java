package dev.gangway.lint;

import dev.gangway.Header;
import dev.gangway.ResponseHead;
import java.util.List;
import java.util.Locale;

/** The rules of the heads that an application sends. */
final class AsgiHeadRules {

  private AsgiHeadRules() {}

  /**
   * Checks a response's head.
   *
   * @param status the status
   * @param headers its headers
   * @return the Content-Length, or -1
   */
  static long check(int status, List<Header> headers) {
    check(headers);
    try {
      List<Header> kept = headers.stream().filter(header -> !tolerated(header)).toList();
      return ResponseHead.of(status, "", kept).contentLength();
    } catch (IllegalArgumentException e) {
      throw Rule.ASGI_HEAD.broken(e.getMessage() + ".");
    }
  }

  /**
   * Checks fields.
   *
   * @param headers of a head or a trailer
   */
  static void check(List<Header> headers) {
    for (Header header : headers) {
      try {
        ResponseHead.checkHeader(header);
      } catch (IllegalArgumentException | NullPointerException e) {
        throw Rule.ASGI_HEAD.broken(e.getMessage() + ".");
      }
      if (!header.name().equals(header.name().toLowerCase(Locale.ROOT))) {
        throw Rule.ASGI_HEAD.broken("There is " + header.name() + ".");
      }
    }
  }

  private static boolean tolerated(Header header) {
    String value = header.value().trim().toLowerCase(Locale.ROOT);
    return switch (header.name()) {
      case "connection" -> value.equals("close") || value.equals("keep-alive");
      case "transfer-encoding" -> value.equals("chunked");
      default -> false;
    };
  }
}
