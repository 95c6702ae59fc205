package dev.gangway.python;

import dev.gangway.python.PythonListener.EndReason;
import dev.gangway.python.SlotTable.Held;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Looks again and again for requests that take too long and workers that are due for replacement.
 * Runs on the supervisor's thread.
 */
final class Watchdog implements Runnable {

  static final Duration PERIOD = Duration.ofMillis(100);

  private static final Logger LOG = System.getLogger(Watchdog.class.getName());
  private static final Duration STACKS = Duration.ofMillis(300);
  private static final Duration OTHERS = Duration.ofMillis(50);

  private final PythonSettings settings;
  private final SharedSlots engine;
  private final WorkerPool pool;
  private final Statistics statistics;
  private final Supervisor supervisor;
  private final Stacks stacks;
  private final SlowRequests slowRequests;

  Watchdog(
      PythonSettings settings,
      PrivateFolders folders,
      SharedSlots engine,
      WorkerPool pool,
      Statistics statistics,
      Supervisor supervisor) {
    this.settings = settings;
    this.engine = engine;
    this.pool = pool;
    this.statistics = statistics;
    this.supervisor = supervisor;
    stacks = new Stacks(folders, supervisor);
    slowRequests = new SlowRequests(settings.slowRequestLog(), engine, pool, stacks);
  }

  @Override
  public void run() {
    long now = System.nanoTime();
    if (!settings.timeout().isZero() || slowRequests.areLogged()) {
      List<Held<Call>> taken = engine.taken();
      slowRequests.log(taken);
      for (Held<Call> held : taken) {
        if (isSilent(held, now)) {
          engine.act(() -> timeOut(held));
        }
      }
    }
    for (WorkerProcess worker : pool.workers()) {
      recycleIfDue(worker);
    }
  }

  private boolean isSilent(Held<Call> held, long now) {
    return !settings.timeout().isZero()
        && held.call().silentFor(now) > settings.timeout().toNanos();
  }

  private void timeOut(Held<Call> held) {
    int number = engine.owner(held);
    String id = held.call().requestId();
    String request = held.call().environ().describe();
    if (isSilent(held, System.nanoTime()) && engine.timeOut(held)) {
      supervisor.later(() -> replace(number, id, request), Duration.ZERO);
    }
  }

  private void replace(int number, String id, String request) {
    LOG.log(
        Level.ERROR,
        "[{0}] 504 for {1}: worker {2} was silent for more than {3}",
        id,
        request,
        number,
        settings.timeout());
    boolean known = false;
    for (WorkerProcess worker : pool.workers()) {
      if (worker.number() == number) {
        known = true;
        showStacks(worker, id, request);
        pool.recycle(worker, EndReason.TIMED_OUT, "a request timed out");
        supervisor.later(() -> killWhenAlone(worker), STACKS);
      }
    }
    if (!known) {
      // It has ended, or somebody has overwritten the slot: it will not be given back.
      engine.workerEnded(number, "is not there");
    }
  }

  /** Other requests of the worker finish first; the stuck one would never let it retire. */
  private void killWhenAlone(WorkerProcess worker) {
    if (!worker.isAlive()) {
      return;
    }
    if (worker.retiring() && engine.inHand(worker.number()) == 0) {
      worker.process().destroyForcibly();
    } else {
      supervisor.later(() -> killWhenAlone(worker), OTHERS);
    }
  }

  private void showStacks(WorkerProcess worker, String id, String request) {
    stacks.ask(
        worker,
        text ->
            LOG.log(
                Level.ERROR,
                "[{0}] Stacks of worker {1}, stuck in {2}:\n{3}",
                id,
                worker.number(),
                request,
                text));
  }

  private void recycleIfDue(WorkerProcess worker) {
    if (worker.served().isZero() || worker.retiring()) {
      return;
    }
    long answered = statistics.answeredBy(worker.number());
    if (settings.maxRequests() > 0 && answered >= worker.requestLimit()) {
      pool.recycle(worker, EndReason.MAX_REQUESTS, "it has answered " + answered + " requests");
      return;
    }
    Duration lifetime = settings.maxWorkerLifetime();
    if (!lifetime.isZero() && worker.served().compareTo(lifetime) >= 0) {
      pool.recycle(worker, EndReason.MAX_LIFETIME, "it has served for " + lifetime);
      return;
    }
    long limit = settings.reloadOnRss();
    if (limit > 0 && answered > 0) {
      long resident = worker.residentBytes();
      if (resident > limit) {
        pool.recycle(worker, EndReason.MEMORY, "it takes " + resident + " bytes of memory");
      }
    }
  }

  /** After how many requests a worker is due: the setting and a part of its jitter. */
  static long requestLimit(PythonSettings settings) {
    int jitter = settings.maxRequestsJitter();
    return (long) settings.maxRequests()
        + (jitter > 0 ? ThreadLocalRandom.current().nextInt(jitter + 1) : 0);
  }
}
