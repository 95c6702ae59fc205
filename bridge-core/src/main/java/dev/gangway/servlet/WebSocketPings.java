package dev.gangway.servlet;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a client is gone: asks it for a sign of life, and gives it the time to the next
 * ping for one. Safe for many threads.
 */
final class WebSocketPings {

  private final WebSocketInbox inbox;
  private final Duration interval;
  private final Runnable lost;
  private volatile boolean heard = true;
  private volatile boolean sending;
  private @Nullable ScheduledFuture<?> task;

  /**
   * Watches over a client.
   *
   * @param inbox while it is full, signs of life are not read
   * @param interval from one ping to the next
   * @param lost run when the client is taken for gone
   */
  WebSocketPings(WebSocketInbox inbox, Duration interval, Runnable lost) {
    this.inbox = inbox;
    this.interval = interval;
    this.lost = lost;
  }

  synchronized void start(WebSocketPeer peer) {
    task = WebSocketThreads.repeat(() -> look(peer), interval);
  }

  synchronized void stop() {
    if (task != null) {
      task.cancel(false);
    }
  }

  /** Something has come from the client. */
  void heard() {
    heard = true;
  }

  /**
   * Whether a message is being written: a ping would have to wait behind it.
   *
   * @param now true until it is written
   */
  void sending(boolean now) {
    sending = now;
  }

  private void look(WebSocketPeer peer) {
    if (inbox.isSuspended()) {
      heard = true;
    } else if (!heard) {
      WebSocketThreads.execute(lost);
    } else {
      heard = false;
      if (!sending) {
        peer.ping();
      }
    }
  }
}
