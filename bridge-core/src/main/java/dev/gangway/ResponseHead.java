package dev.gangway;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Status and headers of a response, found to be well-formed (PEP 3333, "The start_response()
 * Callable"; RFC 9110, section 5). Immutable.
 *
 * @param status the three digits
 * @param reason the reason phrase, perhaps empty
 * @param headers in the order to be sent
 * @param contentLength the value of {@code Content-Length}, or -1 if there is none
 */
public record ResponseHead(int status, String reason, List<Header> headers, long contentLength) {

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "trailers",
          "transfer-encoding",
          "upgrade");

  /**
   * Takes what an application gave to {@code start_response}.
   *
   * @param status three digits, a space and a reason
   * @param headers copied
   * @return the head
   * @throws IllegalArgumentException if status or a header is malformed, or a header is hop-by-hop
   */
  public static ResponseHead of(String status, List<Header> headers) {
    return of(checkStatus(status), status.substring(4), headers);
  }

  /**
   * Takes a head whose status is a number.
   *
   * @param status 100 to 999
   * @param reason the reason phrase, without control characters, perhaps empty
   * @param headers copied
   * @return the head
   * @throws IllegalArgumentException if the status or a header is malformed, or a header is
   *     hop-by-hop
   */
  public static ResponseHead of(int status, String reason, List<Header> headers) {
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException(
          "The status " + status + " is malformed: it must be a number of three digits");
    }
    long length = -1;
    List<Header> copy = List.copyOf(headers);
    for (Header header : copy) {
      checkHeader(header);
      if (isHopByHop(header.name())) {
        throw new IllegalArgumentException(
            "The header "
                + header.name()
                + " is hop-by-hop: it belongs to the server, leave it out");
      }
      if (header.name().equalsIgnoreCase("Content-Length")) {
        if (length >= 0) {
          throw new IllegalArgumentException("Content-Length is given twice, give it once");
        }
        length = contentLength(header.value());
      }
    }
    return new ResponseHead(status, reason, copy, length);
  }

  /**
   * Whether a response may have a body (RFC 9112, section 6.3).
   *
   * @return false for 1xx, 204 and 304
   */
  public boolean allowsBody() {
    return status >= 200 && status != 204 && status != 304;
  }

  /**
   * Checks a status.
   *
   * @param status such as {@code "404 Not Found"}
   * @return the three digits
   * @throws IllegalArgumentException if it is malformed
   */
  public static int checkStatus(@Nullable String status) {
    if (status == null
        || status.length() < 4
        || !isDigit(status.charAt(0))
        || status.charAt(0) == '0'
        || !isDigit(status.charAt(1))
        || !isDigit(status.charAt(2))
        || status.charAt(3) != ' '
        || !isText(status)) {
      throw new IllegalArgumentException(
          "The status "
              + quote(status)
              + " is malformed: it must be three digits, a space and a reason, such as"
              + " \"404 Not Found\"");
    }
    return Integer.parseInt(status, 0, 3, 10);
  }

  /**
   * Checks that a header's name is a token and its value holds no control characters.
   *
   * @param header the header
   * @throws IllegalArgumentException if it is malformed
   */
  public static void checkHeader(Header header) {
    String name = header.name();
    if (name == null || !isToken(name)) {
      throw new IllegalArgumentException(
          "The header name "
              + quote(name)
              + " is malformed: use letters, digits and !#$%&'*+-.^_`|~ only");
    }
    if (header.value() == null || !isText(header.value())) {
      throw new IllegalArgumentException(
          "The value "
              + quote(header.value())
              + " of the header "
              + name
              + " is malformed: it must hold bytes as latin-1 without control characters");
    }
  }

  /**
   * Whether a header belongs to the connection and so to the server (RFC 2616, section 13.5.1).
   *
   * @param name in any case
   * @return true if an application must not set it
   */
  public static boolean isHopByHop(String name) {
    return HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT));
  }

  private static long contentLength(String value) {
    boolean digits = !value.isEmpty() && value.chars().allMatch(c -> isDigit((char) c));
    try {
      if (digits) {
        return Long.parseLong(value);
      }
    } catch (NumberFormatException e) {
      // More than 63 bits: malformed as well.
    }
    throw new IllegalArgumentException(
        "The Content-Length " + quote(value) + " is malformed: it must be a decimal number");
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !isDigit(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isText(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == 0x7F || c > 0xFF) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** For messages that end up in logs, where a line feed must not forge a line. */
  private static String quote(@Nullable String text) {
    if (text == null) {
      return "null";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
