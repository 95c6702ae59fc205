package dev.gangway.servlet;

import dev.gangway.Header;
import dev.gangway.exchange.Written;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the application has decided, on its way to the container's thread: only there, while it is
 * in the servlet, can a container upgrade the connection. Safe for many threads.
 */
final class WebSocketHandshake {

  /** What the container's thread is to do. */
  sealed interface Step {}

  /**
   * Upgrade the connection.
   *
   * @param subprotocol one of those that were offered, or null
   * @param headers well-formed
   */
  record Accept(@Nullable String subprotocol, List<Header> headers) implements Step {}

  /**
   * Answer with a page of our own.
   *
   * @param status the three digits
   */
  record Refuse(int status) implements Step {}

  /**
   * Answer with the application's response, or go on with it.
   *
   * @param head status and headers with the first part, then null
   * @param body perhaps empty
   * @param last whether it is complete
   * @param written told when it is written
   */
  record Denial(@Nullable Head head, ByteBuffer body, boolean last, Written written)
      implements Step {}

  /**
   * The head of a denial.
   *
   * @param status the three digits
   * @param headers well-formed
   */
  record Head(int status, List<Header> headers) {}

  /** Break the response off: the application has failed within it. */
  record BreakOff() implements Step {}

  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();

  /**
   * Tells the container's thread.
   *
   * @param step the next
   */
  void decide(Step step) {
    steps.add(step);
  }

  /**
   * Waits for the next step.
   *
   * @param most how long
   * @return null if it does not come
   * @throws InterruptedException when the container stops
   */
  @Nullable Step await(Duration most) throws InterruptedException {
    return steps.poll(most.toNanos(), TimeUnit.NANOSECONDS);
  }
}
