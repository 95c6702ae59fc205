package dev.gangway.python;

import dev.gangway.python.PythonListener.EndReason;
import dev.gangway.python.PythonListener.EndedWorker;
import dev.gangway.python.PythonListener.FinishedRequest;
import dev.gangway.python.PythonListener.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of requests and workers, and tells the listeners. Safe for many threads. */
final class Statistics {

  /** One request or WebSocket. */
  interface Request {
    String method();

    /** The raw target. */
    String target();

    String requestId();

    @Nullable String traceId();

    /** When it could be taken, in {@link System#nanoTime()}. */
    long submitted();

    /** What the application answered. */
    int status();

    /** How many bytes of the body the application has sent. */
    long bytes();

    /** Whether it was counted as one that timed out. */
    boolean timedOut();
  }

  private static final Logger LOG = System.getLogger(Statistics.class.getName());

  private final List<PythonListener> listeners;
  private final LongAdder answered = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder timedOut = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder workersEnded = new LongAdder();
  private final LongAdder queueNanos = new LongAdder();
  private final LongAdder serviceNanos = new LongAdder();
  private final Map<Integer, Long> answeredBy = new ConcurrentHashMap<>();

  Statistics(List<PythonListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /**
   * A worker has said its last word for a call.
   *
   * @param taken when it took the call, in {@link System#nanoTime()}
   * @param pid tells a worker's process id
   */
  void answered(Request call, int worker, long taken, IntToLongFunction pid) {
    long now = System.nanoTime();
    long begun = Math.min(Math.max(taken, call.submitted()), now);
    answered.increment();
    queueNanos.add(begun - call.submitted());
    serviceNanos.add(now - begun);
    answeredBy.merge(worker, 1L, Long::sum);
    if (!listeners.isEmpty() && !call.timedOut()) {
      tell(call, Outcome.ANSWERED, call.status(), begun, now, pid.applyAsLong(worker));
    }
  }

  void lost(Request call) {
    lost.increment();
    ended(call, Outcome.LOST, 502);
  }

  void timedOut(Request call) {
    timedOut.increment();
    ended(call, Outcome.TIMED_OUT, 504);
  }

  void rejected(Request call) {
    rejected.increment();
    ended(call, Outcome.REJECTED, 503);
  }

  private void ended(Request call, Outcome outcome, int status) {
    if (!listeners.isEmpty()) {
      long now = System.nanoTime();
      tell(call, outcome, status, now, now, -1);
    }
  }

  private void tell(Request call, Outcome outcome, int status, long begun, long now, long pid) {
    FinishedRequest request =
        new FinishedRequest(
            call.method(),
            call.target(),
            outcome,
            status,
            call.bytes(),
            Duration.ofNanos(begun - call.submitted()),
            Duration.ofNanos(now - begun),
            pid,
            call.requestId(),
            call.traceId());
    tell(listener -> listener.requestFinished(request));
  }

  void workerStarted(long pid) {
    tell(listener -> listener.workerStarted(pid));
  }

  void workerEnded(long pid, String how, EndReason reason) {
    if (reason == EndReason.CRASHED || reason == EndReason.START_FAILED) {
      workersEnded.increment();
    }
    tell(listener -> listener.workerEnded(new EndedWorker(pid, how, reason)));
  }

  void crashLoop(PythonSnapshot.CrashLoop loop) {
    tell(listener -> listener.crashLoopBegan(loop));
  }

  void recovered() {
    tell(PythonListener::crashLoopEnded);
  }

  private void tell(Consumer<PythonListener> event) {
    for (PythonListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "A listener failed", e);
      }
    }
  }

  /** How many calls a worker has answered. */
  long answeredBy(int worker) {
    return answeredBy.getOrDefault(worker, 0L);
  }

  void forget(int worker) {
    answeredBy.remove(worker);
  }

  PythonSnapshot snapshot(
      String application,
      List<PythonSnapshot.Worker> workers,
      int queued,
      int running,
      long spooledBytes,
      PythonSnapshot.@Nullable CrashLoop crashLoop) {
    return new PythonSnapshot(
        application,
        workers,
        queued,
        running,
        spooledBytes,
        answered.sum(),
        lost.sum(),
        timedOut.sum(),
        rejected.sum(),
        workersEnded.sum(),
        Duration.ofNanos(queueNanos.sum()),
        Duration.ofNanos(serviceNanos.sum()),
        crashLoop);
  }
}
