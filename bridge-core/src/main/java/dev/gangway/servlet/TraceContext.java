package dev.gangway.servlet;

import org.jspecify.annotations.Nullable;

/**
 * Reads the ids that clients and proxies give to requests: <a
 * href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>, section
 * 3.2, and {@code X-Request-ID}. What is malformed is ignored.
 */
public final class TraceContext {

  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;
  private static final int END = 55;
  private static final int LONGEST_REQUEST_ID = 128;

  private TraceContext() {}

  /**
   * The trace that a request belongs to.
   *
   * @param traceparent the header's value, or null
   * @return 32 hexadecimal digits in lower case, or null if there is none that is well-formed
   */
  public static @Nullable String traceId(@Nullable String traceparent) {
    if (traceparent == null || traceparent.length() < END) {
      return null;
    }
    boolean first = traceparent.startsWith("00");
    boolean wellFormed =
        isHex(traceparent, 0, 2)
            && !traceparent.startsWith("ff")
            && traceparent.charAt(TRACE_ID - 1) == '-'
            && isId(traceparent, TRACE_ID, PARENT_ID - 1)
            && traceparent.charAt(PARENT_ID - 1) == '-'
            && isId(traceparent, PARENT_ID, FLAGS - 1)
            && traceparent.charAt(FLAGS - 1) == '-'
            && isHex(traceparent, FLAGS, END)
            // Later versions may add fields at the end.
            && (traceparent.length() == END || (!first && traceparent.charAt(END) == '-'));
    return wellFormed ? traceparent.substring(TRACE_ID, PARENT_ID - 1) : null;
  }

  /**
   * The id that a request came with: that of its trace, or else its {@code X-Request-ID}.
   *
   * @param traceparent the header's value, or null
   * @param requestId the value of {@code X-Request-ID}, or null; well-formed are up to 128 letters,
   *     digits and {@code -._~:/+=@} of ASCII
   * @return the id, or null if neither is well-formed
   */
  public static @Nullable String requestId(
      @Nullable String traceparent, @Nullable String requestId) {
    String trace = traceId(traceparent);
    if (trace != null || requestId == null) {
      return trace;
    }
    return isRequestId(requestId) ? requestId : null;
  }

  private static boolean isRequestId(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
      if (!alphanumeric && "-._~:/+=@".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST_REQUEST_ID;
  }

  /** An id of zeros alone is invalid. */
  private static boolean isId(String text, int start, int end) {
    if (!isHex(text, start, end)) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  private static boolean isHex(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
