package dev.gangway.python;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens in a Python application. Its methods are called by the threads that carry
 * requests, so they must return soon and be safe for many threads; what they throw is logged.
 */
public interface PythonListener {

  /** What became of a request. */
  enum Outcome {
    /** A worker has answered it, with whatever status. */
    ANSWERED,
    /** Its worker ended (502). */
    LOST,
    /** Its worker was silent for too long (504). */
    TIMED_OUT,
    /** No worker took it in time, or none will (503). */
    REJECTED
  }

  /**
   * A request that is over.
   *
   * @param method as sent
   * @param target the raw request target
   * @param outcome what became of it
   * @param status what the client got, or would have got if it had not left
   * @param bytes of the body that the application sent, without files
   * @param queueTime from the complete request to a worker's taking it
   * @param serviceTime from then to the end
   * @param workerPid process id of the worker, or -1 if none took it
   * @param requestId the id that the request has in the log
   * @param traceId of the header {@code traceparent}, or null if there is none that is well-formed
   */
  record FinishedRequest(
      String method,
      String target,
      Outcome outcome,
      int status,
      long bytes,
      Duration queueTime,
      Duration serviceTime,
      long workerPid,
      String requestId,
      @Nullable String traceId) {}

  /** Why a worker has ended. */
  enum EndReason {
    /** It died unasked, or was killed because it broke the protocol. */
    CRASHED,
    /** It died before it served. */
    START_FAILED,
    /** A request timed out in it. */
    TIMED_OUT,
    /** It has answered {@code max-requests}. */
    MAX_REQUESTS,
    /** It has served for {@code max-worker-lifetime}. */
    MAX_LIFETIME,
    /** It took more memory than {@code reload-on-rss}. */
    MEMORY,
    /** The application was reloaded. */
    RELOADED,
    /** The process that forked it, see {@code preload}, has ended. */
    PARENT_ENDED,
    /** Those that were started with it failed, so that it was not needed. */
    DISMISSED,
    /** The application was closed. */
    CLOSED
  }

  /**
   * A worker that has ended.
   *
   * @param pid its process id
   * @param how its exit code or signal, in words
   * @param reason why
   */
  record EndedWorker(long pid, String how, EndReason reason) {}

  /**
   * A request is over.
   *
   * @param request what became of it
   */
  default void requestFinished(FinishedRequest request) {}

  /**
   * A worker has imported the application.
   *
   * @param pid its process id
   */
  default void workerStarted(long pid) {}

  /**
   * A worker has ended.
   *
   * @param worker which, how and why
   */
  default void workerEnded(EndedWorker worker) {}

  /**
   * Workers die again and again as they start. From now on they are started one at a time, with
   * pauses; while none serves, requests get 503 at once.
   *
   * @param loop what is known of it
   */
  default void crashLoopBegan(PythonSnapshot.CrashLoop loop) {}

  /** A crash loop is over: a worker serves again. */
  default void crashLoopEnded() {}
}
