package dev.gangway.servlet;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The few threads of all WebSockets: one that watches over them, and some for what the Jakarta API
 * has only as methods that may wait for the client, such as closing. They end when they have
 * nothing to do, so that a web application can be unloaded.
 */
final class WebSocketThreads {

  private static final int MOST = 16;
  private static final long KEEP_ALIVE_MILLIS = 1000;

  private static final ThreadPoolExecutor WORKERS =
      new ThreadPoolExecutor(
          MOST,
          MOST,
          KEEP_ALIVE_MILLIS,
          TimeUnit.MILLISECONDS,
          new LinkedBlockingQueue<>(),
          named("gangway-websocket"));

  private static final ScheduledThreadPoolExecutor TIMER =
      new ScheduledThreadPoolExecutor(1, named("gangway-websocket-pings"));

  static {
    WORKERS.allowCoreThreadTimeOut(true);
    TIMER.setKeepAliveTime(KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS);
    TIMER.allowCoreThreadTimeOut(true);
    TIMER.setRemoveOnCancelPolicy(true);
  }

  private WebSocketThreads() {}

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Runs a task that may wait for a client, but not for long.
   *
   * @param task run on another thread
   * @return completes when it has run
   */
  static CompletionStage<Void> execute(Runnable task) {
    return CompletableFuture.runAsync(task, WORKERS);
  }

  /**
   * Runs a task again and again.
   *
   * @param task must not block
   * @param every from one to the next, and to the first
   * @return to be cancelled
   */
  static ScheduledFuture<?> repeat(Runnable task, Duration every) {
    return TIMER.scheduleWithFixedDelay(
        task, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
  }
}
