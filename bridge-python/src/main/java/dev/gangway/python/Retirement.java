package dev.gangway.python;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * Ends a worker without losing a request: it is told to take no more, finishes what it has in hand,
 * and gets SIGTERM; SIGKILL if it does not end in time. Safe for many threads.
 */
final class Retirement {

  private static final Logger LOG = System.getLogger(Retirement.class.getName());

  /** A thread that read a token before it could see the note has marked its slot after this. */
  private static final Duration TAKEN = Duration.ofMillis(100);

  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration TERMINATE = Duration.ofSeconds(2);

  private final SlotMemory memory;
  private final IntConsumer begun;
  private final Supervisor supervisor;
  private final Duration gracefulTimeout;
  private final IntUnaryOperator inHand;

  /**
   * How workers retire.
   *
   * @param begun told the number of each worker that is to take no more
   * @param gracefulTimeout how long what is in hand may take
   * @param inHand how many requests a worker is answering
   */
  Retirement(
      SlotMemory memory,
      IntConsumer begun,
      Supervisor supervisor,
      Duration gracefulTimeout,
      IntUnaryOperator inHand) {
    this.memory = memory;
    this.begun = begun;
    this.supervisor = supervisor;
    this.gracefulTimeout = gracefulTimeout;
    this.inHand = inHand;
  }

  /** A worker that shares its note with this one may have left it behind. */
  void forget(int worker) {
    memory.retire(worker, false);
  }

  void begin(WorkerProcess worker) {
    memory.retire(worker.number(), true);
    begun.accept(worker.number());
    long until = System.nanoTime() + gracefulTimeout.toNanos();
    supervisor.later(() -> go(worker, until), TAKEN);
  }

  private void go(WorkerProcess worker, long until) {
    if (!worker.isAlive()) {
      return;
    }
    int left = inHand.applyAsInt(worker.number());
    if (left > 0 && System.nanoTime() - until < 0) {
      supervisor.later(() -> go(worker, until), STEP);
      return;
    }
    if (left > 0) {
      LOG.log(
          Level.WARNING,
          "Worker {0} (pid {1}) is ended with {2} requests in hand after {3}",
          worker.number(),
          String.valueOf(worker.pid()),
          left,
          gracefulTimeout);
    }
    worker.terminate();
    supervisor.later(() -> kill(worker), worker.isAsgi() ? gracefulTimeout : TERMINATE);
  }

  private static void kill(WorkerProcess worker) {
    if (worker.isAlive()) {
      LOG.log(
          Level.WARNING,
          "Worker {0} (pid {1}) had to be killed",
          worker.number(),
          String.valueOf(worker.pid()));
      worker.process().destroyForcibly();
    }
  }
}
