package dev.gangway.python;

import dev.gangway.servlet.TraceContext;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Names the requests of an application in the log. Safe for many threads. */
final class RequestIds {

  /** Tells applications and their starts apart. */
  private final String prefix = String.format("%08x-", ThreadLocalRandom.current().nextInt());

  private final AtomicLong last = new AtomicLong();

  /**
   * The id that a request came with, if it is well-formed; otherwise a new one.
   *
   * @param traceparent the header's value, or null
   * @param requestId the value of {@code X-Request-ID}, or null
   */
  String of(@Nullable String traceparent, @Nullable String requestId) {
    String given =
        traceparent == null && requestId == null
            ? null
            : TraceContext.requestId(traceparent, requestId);
    return given != null ? given : prefix.concat(Long.toHexString(last.incrementAndGet()));
  }
}
