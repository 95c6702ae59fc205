package dev.gangway.python;

import dev.gangway.python.SlotTable.Held;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * Logs each request that is slow once, with what it is doing. For the supervisor's thread alone.
 */
final class SlowRequests {

  private static final Logger LOG = System.getLogger(SlowRequests.class.getName());

  private final Duration threshold;
  private final SharedSlots engine;
  private final WorkerPool pool;
  private final Stacks stacks;

  SlowRequests(Duration threshold, SharedSlots engine, WorkerPool pool, Stacks stacks) {
    this.threshold = threshold;
    this.engine = engine;
    this.pool = pool;
    this.stacks = stacks;
  }

  boolean areLogged() {
    return !threshold.isZero();
  }

  /** Looks for those that are slow by now; one that waits for its client is looked at later. */
  void log(List<Held<Call>> taken) {
    if (!areLogged()) {
      return;
    }
    for (Held<Call> held : taken) {
      Call call = held.call();
      if (engine.runningFor(held) > threshold.toNanos()
          && !call.isWaiting()
          && !call.timedOut()
          && call.becomesSlow()) {
        sample(held, engine.owner(held));
      }
    }
  }

  private void sample(Held<Call> held, int number) {
    long thread = engine.threadOf(held);
    Duration time = Duration.ofMillis(engine.runningFor(held) / 1_000_000);
    for (WorkerProcess worker : pool.workers()) {
      if (worker.number() == number) {
        stacks.ask(worker, text -> log(held.call(), time, worker.pid(), Stacks.of(text, thread)));
      }
    }
  }

  private static void log(Call call, Duration time, long pid, String stack) {
    LOG.log(
        Level.WARNING,
        "[{0}] {1} is slow: worker {2} has been at it for {3} and is here, innermost call first:"
            + "\n{4}",
        call.requestId(),
        call.environ().describe(),
        Long.toString(pid),
        time,
        stack.isEmpty() ? "  (the worker shows no stack)" : stack);
  }
}
