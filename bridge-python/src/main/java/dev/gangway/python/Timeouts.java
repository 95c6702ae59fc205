package dev.gangway.python;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Timeouts of futures, by a thread that ends with the future. That of {@link
 * CompletableFuture#orTimeout} never ends, and would keep the class loader of a web application.
 */
final class Timeouts {

  private Timeouts() {}

  /** Completes a future that is not complete in time, and returns it. */
  static CompletableFuture<Void> complete(CompletableFuture<Void> future, Duration timeout) {
    return after(future, timeout, () -> future.complete(null));
  }

  /** Fails a future that is not complete in time, and returns it. */
  static <T> CompletableFuture<T> fail(CompletableFuture<T> future, Duration timeout) {
    return after(
        future,
        timeout,
        () -> future.completeExceptionally(new TimeoutException("not within " + timeout)));
  }

  private static <T> CompletableFuture<T> after(
      CompletableFuture<T> future, Duration timeout, Runnable late) {
    if (!future.isDone()) {
      Thread thread = new Thread(() -> watch(future, timeout, late), "gangway-timeout");
      thread.setDaemon(true);
      thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
      thread.start();
    }
    return future;
  }

  private static <T> void watch(CompletableFuture<T> future, Duration timeout, Runnable late) {
    try {
      future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      late.run();
    } catch (ExecutionException | CancellationException e) {
      // It is complete, which is all that is wanted.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
