package dev.gangway.python;

import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * Ends workers that broke the protocol. They take no more requests; what else they have in hand may
 * be finished by the graceful timeout. The pool replaces them as any that end. Safe for many
 * threads.
 */
final class BrokenWorkers implements IntConsumer {

  private static final Duration STEP = Duration.ofMillis(20);

  private final WorkerPool pool;
  private final SlotMemory memory;
  private final Supervisor supervisor;
  private final Duration gracefulTimeout;
  private final IntUnaryOperator inHand;

  /**
   * Ends workers of a pool.
   *
   * @param inHand how many requests a worker is answering
   */
  BrokenWorkers(
      WorkerPool pool,
      SlotMemory memory,
      Supervisor supervisor,
      Duration gracefulTimeout,
      IntUnaryOperator inHand) {
    this.pool = pool;
    this.memory = memory;
    this.supervisor = supervisor;
    this.gracefulTimeout = gracefulTimeout;
    this.inHand = inHand;
  }

  @Override
  public void accept(int number) {
    long until = System.nanoTime() + gracefulTimeout.toNanos();
    for (WorkerProcess worker : pool.workers()) {
      if (worker.number() == number) {
        memory.retire(number, true);
        supervisor.later(() -> endWhenAlone(worker, until), Duration.ZERO);
      }
    }
  }

  private void endWhenAlone(WorkerProcess worker, long until) {
    if (inHand.applyAsInt(worker.number()) == 0 || System.nanoTime() - until >= 0) {
      worker.process().destroyForcibly();
    } else if (worker.isAlive()) {
      supervisor.later(() -> endWhenAlone(worker, until), STEP);
    }
  }
}
