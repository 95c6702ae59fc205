package dev.gangway.servlet;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.LifespanScope;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One life of an ASGI application (ASGI Lifespan 2.0). An application that returns or fails before
 * it has answered the startup has no lifespan, as with Uvicorn's {@code --lifespan auto}.
 *
 * <pre>
 * STARTING ─ startup.complete ─ RUNNING ─ stop() ─ STOPPING ─ shutdown.complete/failed ─ OVER
 *     ├───── startup.failed ──────────────────────────────────────────────────────────────┤
 *     └───── the application's end ─────────── at any time ───────────────────────────────┘
 * </pre>
 *
 * <p>Safe for many threads.
 */
final class AsgiLifespan {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private enum Phase {
    STARTING,
    RUNNING,
    STOPPING,
    OVER
  }

  private final Map<String, Object> state = new ConcurrentHashMap<>();
  private final CompletableFuture<@Nullable String> started = new CompletableFuture<>();
  private final CompletableFuture<ReceiveEvent> shutdown = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  // Guarded by this.
  private Phase phase = Phase.STARTING;
  private int received;

  /**
   * Starts an application, and waits until it is ready.
   *
   * @param application called on this thread
   * @return null if it is ready or has no lifespan, otherwise why it is not
   */
  @Nullable String start(AsgiApplication application) throws InterruptedException {
    try {
      CompletionStage<Void> end =
          application.call(new LifespanScope(state), this::receive, this::send);
      if (end == null) {
        ended(new IllegalStateException("The application returned null"));
      } else {
        end.whenComplete((nothing, failure) -> ended(failure));
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      ended(e);
    }
    try {
      return started.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The start never fails but with a message", e);
    }
  }

  /**
   * What the application put into its scope.
   *
   * @return to be copied
   */
  Map<String, Object> state() {
    return state;
  }

  /**
   * Has the application clean up, and waits until it has.
   *
   * @param limit how long to wait
   */
  void stop(Duration limit) {
    synchronized (this) {
      if (phase != Phase.RUNNING) {
        return;
      }
      phase = Phase.STOPPING;
    }
    shutdown.complete(new ReceiveEvent.LifespanShutdown());
    try {
      stopped.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOGGER.log(
          Level.WARNING,
          "The application did not answer lifespan.shutdown within {0} s",
          limit.toSeconds());
    } catch (ExecutionException e) {
      throw new IllegalStateException("The stop never fails", e);
    }
  }

  private CompletionStage<ReceiveEvent> receive() {
    int count;
    synchronized (this) {
      count = ++received;
    }
    return switch (count) {
      case 1 -> CompletableFuture.completedStage(new ReceiveEvent.LifespanStartup());
      case 2 -> shutdown.minimalCompletionStage();
      default ->
          CompletableFuture.failedStage(
              new IllegalStateException(
                  "There are only two events in a lifespan; this is receive() number " + count));
    };
  }

  private CompletionStage<Void> send(SendEvent event) {
    Phase before;
    synchronized (this) {
      before = phase;
      boolean starts =
          event instanceof SendEvent.LifespanStartupComplete
              || event instanceof SendEvent.LifespanStartupFailed;
      boolean stops =
          event instanceof SendEvent.LifespanShutdownComplete
              || event instanceof SendEvent.LifespanShutdownFailed;
      if ((starts && before != Phase.STARTING)
          || (stops && before != Phase.STOPPING)
          || !(starts || stops)) {
        return CompletableFuture.failedStage(
            new IllegalStateException(
                "The application sent "
                    + event.getClass().getSimpleName()
                    + " in its lifespan, which is "
                    + before));
      }
      phase = event instanceof SendEvent.LifespanStartupComplete ? Phase.RUNNING : Phase.OVER;
    }
    if (event instanceof SendEvent.LifespanStartupFailed failed) {
      started.complete(
          failed.message().isEmpty() ? "The application's startup failed" : failed.message());
    } else if (event instanceof SendEvent.LifespanShutdownFailed failed) {
      LOGGER.log(Level.ERROR, "The application''s shutdown failed: {0}", failed.message());
    }
    started.complete(null);
    if (before == Phase.STOPPING) {
      stopped.complete(null);
    }
    return CompletableFuture.completedStage(null);
  }

  private void ended(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Phase before;
    synchronized (this) {
      before = phase;
      phase = Phase.OVER;
    }
    if (before == Phase.STARTING) {
      LOGGER.log(Level.INFO, "The application has no lifespan: it did not answer the startup");
      LOGGER.log(Level.DEBUG, "How the application left its lifespan", cause);
    } else if (cause != null && before != Phase.OVER) {
      LOGGER.log(Level.ERROR, "The application failed in its lifespan", cause);
    }
    started.complete(null);
    stopped.complete(null);
  }
}
