package dev.gangway.python;

import dev.gangway.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Status and headers as a worker wrote them: after their length, the status line, names and values
 * in latin-1, separated by NUL.
 *
 * @param status the three digits
 * @param reason the reason phrase
 * @param headers in order
 * @param end where the head ends in the payload
 */
record ResponseHead(int status, String reason, List<Header> headers, int end) {

  /**
   * Reads a head.
   *
   * @param payload holds it from index 0 on
   * @param length number of bytes of the payload
   * @throws IllegalArgumentException if it is malformed
   */
  static ResponseHead read(byte[] payload, int length) {
    int end = length < 4 ? -1 : 4 + headLength(payload);
    if (end < 8 || end > length) {
      throw new IllegalArgumentException("the head's length is outside of its payload");
    }
    int statusEnd = field(payload, 4, end);
    int status = 100 * digit(payload[4], 1) + 10 * digit(payload[5], 0) + digit(payload[6], 0);
    String reason = statusEnd > 8 ? text(payload, 8, statusEnd) : "";
    List<Header> headers = new ArrayList<>();
    int next = statusEnd + 1;
    while (next < end) {
      int nameEnd = field(payload, next, end);
      if (nameEnd == end || nameEnd == next) {
        throw new IllegalArgumentException("a header has no name or no value");
      }
      int valueEnd = field(payload, nameEnd + 1, end);
      headers.add(new Header(text(payload, next, nameEnd), text(payload, nameEnd + 1, valueEnd)));
      next = valueEnd + 1;
    }
    return new ResponseHead(status, reason, headers, end);
  }

  private static int headLength(byte[] payload) {
    return (payload[0] & 0xff)
        | (payload[1] & 0xff) << 8
        | (payload[2] & 0xff) << 16
        | (payload[3] & 0x7f) << 24;
  }

  private static int digit(byte character, int least) {
    int digit = character - '0';
    if (digit < least || digit > 9) {
      throw new IllegalArgumentException("the status does not begin with three digits");
    }
    return digit;
  }

  /** Where the field that begins at {@code from} ends. */
  private static int field(byte[] payload, int from, int end) {
    int i = from;
    while (i < end && payload[i] != 0) {
      if (payload[i] >= 0 && payload[i] < ' ') {
        throw new IllegalArgumentException("a control character in the head");
      }
      i++;
    }
    return i;
  }

  private static String text(byte[] payload, int from, int to) {
    return new String(payload, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
