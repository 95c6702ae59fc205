package dev.gangway.python;

import dev.gangway.exchange.ClientProbe;
import dev.gangway.python.PythonListener.EndReason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Looks again and again for requests to an ASGI application that nobody begins to answer, for
 * clients that have left, and for workers whose event loop is blocked. Runs on the supervisor's
 * thread.
 */
final class StreamWatchdog implements Runnable {

  private static final Logger LOG = System.getLogger(StreamWatchdog.class.getName());
  private static final Duration STACKS = Duration.ofMillis(300);

  private final Duration timeout;
  private final AsgiWorkers workers;
  private final WorkerPool pool;
  private final Statistics statistics;
  private final Supervisor supervisor;
  private final Stacks stacks;
  private long looked = System.nanoTime();

  StreamWatchdog(
      PythonSettings settings,
      PrivateFolders folders,
      AsgiWorkers workers,
      WorkerPool pool,
      Statistics statistics,
      Supervisor supervisor) {
    this.timeout = settings.timeout();
    this.workers = workers;
    this.pool = pool;
    this.statistics = statistics;
    this.supervisor = supervisor;
    stacks = new Stacks(folders, supervisor);
  }

  @Override
  public void run() {
    long now = System.nanoTime();
    if (!timeout.isZero()) {
      watch(now);
    }
    if (now - looked > ClientWatch.PERIOD.toNanos()) {
      looked = now;
      lookAfterClients(now - ClientWatch.PERIOD.toNanos());
    }
  }

  private void watch(long now) {
    for (WorkerLink link : workers.links()) {
      for (WorkerLink.Stream open : link.streams()) {
        WorkerStream stream = (WorkerStream) open;
        if (stream.silentFor(now) > timeout.toNanos()) {
          workers.act(() -> timeOut(stream));
        }
      }
      if (link.silentFor(now) > timeout.toNanos()) {
        blocked(link);
      } else {
        link.ping(now);
      }
    }
  }

  private void lookAfterClients(long before) {
    if (workers.inHand() == 0) {
      return;
    }
    try (ClientProbe probe = new ClientProbe()) {
      for (WorkerLink link : workers.links()) {
        link.streams().forEach(stream -> ((WorkerStream) stream).look(probe, before));
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "There is no way to look whether clients are still there", e);
    }
  }

  /** On the thread that hears what workers say: the answer may just have come. */
  private void timeOut(WorkerStream stream) {
    if (stream.silentFor(System.nanoTime()) <= timeout.toNanos()) {
      return;
    }
    LOG.log(
        Level.ERROR,
        "[{0}] 504 for {1}: the application in worker {2} has not begun to answer within {3}",
        stream.requestId(),
        stream.describe(),
        stream.worker(),
        timeout);
    statistics.timedOut(stream);
    stream.timeOut();
  }

  private void blocked(WorkerLink link) {
    for (WorkerProcess worker : pool.workers()) {
      if (worker.number() == link.worker() && worker.beginRecycling()) {
        LOG.log(
            Level.ERROR,
            "Worker {0} is ended and replaced: its event loop has been blocked for more than {1}",
            worker.number(),
            timeout);
        stacks.ask(
            worker,
            text ->
                LOG.log(
                    Level.ERROR,
                    "Stacks of worker {0}, whose event loop is blocked:\n{1}",
                    worker.number(),
                    text));
        pool.giveUp(worker, EndReason.TIMED_OUT);
        workers.retire(worker.number());
        supervisor.later(() -> worker.process().destroyForcibly(), STACKS);
      }
    }
  }
}
