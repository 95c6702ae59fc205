package dev.gangway.python;

import dev.gangway.python.SlotTable.Held;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

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
  private final PrivateFolders folders;
  private final SharedSlots engine;
  private final WorkerPool pool;
  private final Statistics statistics;
  private final Supervisor supervisor;

  Watchdog(
      PythonSettings settings,
      PrivateFolders folders,
      SharedSlots engine,
      WorkerPool pool,
      Statistics statistics,
      Supervisor supervisor) {
    this.settings = settings;
    this.folders = folders;
    this.engine = engine;
    this.pool = pool;
    this.statistics = statistics;
    this.supervisor = supervisor;
  }

  @Override
  public void run() {
    long now = System.nanoTime();
    if (!settings.timeout().isZero()) {
      for (Held<Call> held : engine.taken()) {
        if (isSilent(held, now)) {
          engine.act(() -> timeOut(held));
        }
      }
    }
    for (WorkerProcess worker : pool.workers()) {
      String reason = dueBecause(worker);
      if (reason != null) {
        pool.recycle(worker, reason);
      }
    }
  }

  private boolean isSilent(Held<Call> held, long now) {
    return held.call().silentFor(now) > settings.timeout().toNanos();
  }

  private void timeOut(Held<Call> held) {
    int number = engine.owner(held);
    String request = held.call().environ().describe();
    if (isSilent(held, System.nanoTime()) && engine.timeOut(held)) {
      supervisor.later(() -> replace(number, request), Duration.ZERO);
    }
  }

  private void replace(int number, String request) {
    LOG.log(
        Level.ERROR,
        "504 for {0}: worker {1} was silent for more than {2}",
        request,
        number,
        settings.timeout());
    for (WorkerProcess worker : pool.workers()) {
      if (worker.number() == number) {
        showStacks(worker, request);
        pool.recycle(worker, "a request timed out");
        supervisor.later(() -> killWhenAlone(worker), STACKS);
      }
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

  private void showStacks(WorkerProcess worker, String request) {
    Path file = folders.stacks(worker.number());
    try {
      Process kill =
          new ProcessBuilder("kill", "-USR2", Long.toString(worker.pid()))
              .redirectErrorStream(true)
              .start();
      kill.getOutputStream().close();
      kill.getInputStream().close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The stacks of a worker cannot be asked for", e);
      return;
    }
    supervisor.later(
        () -> {
          try {
            String stacks = Files.readString(file, StandardCharsets.UTF_8);
            LOG.log(
                Level.ERROR,
                "Stacks of worker {0}, stuck in {1}:\n{2}",
                worker.number(),
                request,
                stacks);
          } catch (IOException e) {
            LOG.log(Level.WARNING, "The stacks of a worker cannot be read", e);
          }
        },
        STACKS.dividedBy(2));
  }

  /** Why a worker is due for replacement, or null. */
  private @Nullable String dueBecause(WorkerProcess worker) {
    if (worker.served().isZero() || worker.retiring()) {
      return null;
    }
    long answered = statistics.answeredBy(worker.number());
    if (settings.maxRequests() > 0 && answered >= worker.requestLimit()) {
      return "it has answered " + answered + " requests";
    }
    Duration lifetime = settings.maxWorkerLifetime();
    if (!lifetime.isZero() && worker.served().compareTo(lifetime) >= 0) {
      return "it has served for " + lifetime;
    }
    long limit = settings.reloadOnRss();
    if (limit > 0 && answered > 0) {
      long resident = worker.residentBytes();
      if (resident > limit) {
        return "it takes " + resident + " bytes of memory";
      }
    }
    return null;
  }

  /** After how many requests a worker is due: the setting and a part of its jitter. */
  static long requestLimit(PythonSettings settings) {
    int jitter = settings.maxRequestsJitter();
    return (long) settings.maxRequests()
        + (jitter > 0 ? ThreadLocalRandom.current().nextInt(jitter + 1) : 0);
  }
}
