package dev.gangway.python;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of an application that does what is due later. Not final: tests decide when later
 * is. Safe for many threads.
 */
class Supervisor implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Supervisor.class.getName());

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "gangway-supervisor");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  /** Runs the action after a while, unless closed before. */
  void later(Runnable action, Duration delay) {
    Future<?> unused = executor.schedule(logging(action), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs the action again and again until closed. */
  void every(Runnable action, Duration period) {
    Future<?> unused =
        executor.scheduleWithFixedDelay(
            logging(action), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Runnable logging(Runnable action) {
    return () -> {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "Supervision failed", e);
      }
    };
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
