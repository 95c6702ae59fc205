package dev.gangway.python;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Keeps as many workers running as the settings say. Safe for many threads. */
final class WorkerPool {

  private static final Logger LOG = System.getLogger(WorkerPool.class.getName());

  /** A worker that served at least this long is replaced at once. */
  private static final Duration SERVED = Duration.ofSeconds(1);

  /** Whoever waits for a worker's start gives up first. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration END_OF_REQUESTS = Duration.ofSeconds(5);
  private static final Duration TERMINATE = Duration.ofSeconds(2);

  private final PythonSettings settings;
  private final PrivateFolders folders;
  private final Supervisor supervisor;
  private final Retirement retirement;
  private final Statistics statistics;
  private final BiConsumer<Integer, String> ended;
  private final Map<Integer, WorkerProcess> workers = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger failedStarts = new AtomicInteger();
  private volatile boolean closing;

  /**
   * A pool without workers yet.
   *
   * @param retirement how a worker's service ends
   * @param ended told the number of each worker that has ended, and how
   */
  WorkerPool(
      PythonSettings settings,
      PrivateFolders folders,
      Supervisor supervisor,
      Retirement retirement,
      Statistics statistics,
      BiConsumer<Integer, String> ended) {
    this.settings = settings;
    this.folders = folders;
    this.supervisor = supervisor;
    this.retirement = retirement;
    this.statistics = statistics;
    this.ended = ended;
  }

  /**
   * Starts the workers and waits until all have imported the application.
   *
   * @throws PythonStartException with the traceback of the first that failed
   */
  void start() throws PythonStartException {
    List<WorkerProcess> starting = new ArrayList<>();
    for (int i = 0; i < settings.workers(); i++) {
      starting.add(spawn());
    }
    awaitReady(starting);
  }

  /**
   * Replaces every worker: new ones import the application first, then the old ones finish what
   * they have in hand. One call at a time.
   *
   * @throws PythonStartException if the application does not import any more; the old workers stay
   */
  synchronized void reload() throws PythonStartException {
    List<WorkerProcess> old =
        workers.values().stream().filter(worker -> !worker.retiring()).toList();
    List<WorkerProcess> starting = new ArrayList<>();
    try {
      for (int i = 0; i < settings.workers(); i++) {
        starting.add(spawn());
      }
      awaitReady(starting);
    } catch (PythonStartException e) {
      starting.forEach(WorkerProcess::dismiss);
      supervisor.later(this::topUp, Duration.ZERO);
      throw e;
    }
    old.forEach(worker -> retire(worker, "the application is reloaded"));
  }

  private void awaitReady(Collection<WorkerProcess> starting) throws PythonStartException {
    CompletableFuture<?>[] all =
        starting.stream().map(WorkerProcess::ready).toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Object> failed = new CompletableFuture<>();
    for (CompletableFuture<?> one : all) {
      one.exceptionally(
          failure -> {
            failed.completeExceptionally(failure);
            return null;
          });
    }
    try {
      CompletableFuture.anyOf(CompletableFuture.allOf(all), failed)
          .get(settings.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PythonStartException("Interrupted while " + settings.application() + " started", e);
    } catch (TimeoutException e) {
      throw new PythonStartException(
          settings.application() + " was not imported within " + settings.startTimeout(), e);
    } catch (ExecutionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PythonStartException(
          settings.application() + " does not start: " + cause.getMessage(), cause);
    }
  }

  private WorkerProcess spawn() throws PythonStartException {
    int number = next.getAndIncrement();
    retirement.forget(number);
    WorkerProcess worker = new WorkerProcess(number, settings, folders, settings.workers() > 1);
    workers.put(worker.number(), worker);
    worker.whenEnded(() -> onEnd(worker));
    if (closing) {
      // close() may have looked before this one was there.
      worker.dismiss();
      throw new PythonStartException(settings.application() + " is being closed");
    }
    supervisor.later(() -> endStart(worker), settings.startTimeout().plus(LATE));
    CompletableFuture<?> unused =
        worker.ready().thenRun(() -> statistics.workerStarted(worker.pid()));
    return worker;
  }

  /** A worker that does not come to serve makes room for another try. */
  private void endStart(WorkerProcess worker) {
    if (!worker.ready().isDone()) {
      LOG.log(
          Level.ERROR,
          "Worker {0} has not imported {1} within {2}",
          worker.number(),
          settings.application(),
          settings.startTimeout());
      worker.process().destroyForcibly();
    }
  }

  private void onEnd(WorkerProcess worker) {
    ended.accept(worker.number(), worker.how());
    workers.remove(worker.number());
    folders.forget(worker.number());
    statistics.workerEnded(worker.pid(), worker.how(), closing || worker.retiring());
    if (closing || worker.retiring()) {
      return;
    }
    boolean served = worker.served().compareTo(SERVED) >= 0;
    int failures = served ? 0 : failedStarts.incrementAndGet();
    if (served) {
      failedStarts.set(0);
    }
    LOG.log(
        Level.ERROR,
        "Worker {0} (pid {1}) of {2} {3}; it is replaced",
        worker.number(),
        String.valueOf(worker.pid()),
        settings.application(),
        worker.how());
    supervisor.later(this::topUp, pause(failures));
  }

  /** How long to wait after so many workers in a row that did not get as far as serving. */
  static Duration pause(int failures) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /** Starts as many workers as are missing; one that is being replaced may have ended before. */
  private void topUp() {
    while (!closing
        && workers.values().stream().filter(worker -> !worker.retiring()).count()
            < settings.workers()) {
      if (!replace()) {
        return;
      }
    }
  }

  private boolean replace() {
    try {
      CompletableFuture<?> unused =
          spawn()
              .ready()
              .exceptionally(
                  failure -> {
                    LOG.log(
                        Level.ERROR,
                        "A worker of {0} does not start: {1}",
                        settings.application(),
                        failure.getMessage());
                    return null;
                  });
      return true;
    } catch (PythonStartException e) {
      LOG.log(Level.ERROR, "A worker cannot be started; trying again", e);
      supervisor.later(this::topUp, LONGEST_PAUSE);
      return false;
    }
  }

  /**
   * Replaces one worker: another imports the application, then this one finishes what it has in
   * hand. Does nothing if it is being replaced already.
   *
   * @param reason for the log
   */
  void recycle(WorkerProcess worker, String reason) {
    if (closing || !worker.beginRecycling()) {
      return;
    }
    try {
      WorkerProcess successor = spawn();
      CompletableFuture<?> unused =
          successor
              .ready()
              .whenComplete(
                  (ready, failure) -> {
                    if (failure == null) {
                      retire(worker, reason);
                    } else {
                      LOG.log(
                          Level.ERROR,
                          "Worker {0} stays, though {1}: {2}",
                          worker.number(),
                          reason,
                          failure.getMessage());
                      successor.dismiss();
                      worker.endRecycling();
                      supervisor.later(this::topUp, Duration.ZERO);
                    }
                  });
    } catch (PythonStartException e) {
      LOG.log(Level.ERROR, "Worker " + worker.number() + " stays, though " + reason, e);
      worker.endRecycling();
    }
  }

  private void retire(WorkerProcess worker, String reason) {
    LOG.log(
        Level.INFO,
        "Worker {0} (pid {1}) of {2} is replaced: {3}",
        worker.number(),
        String.valueOf(worker.pid()),
        settings.application(),
        reason);
    worker.dismissed();
    retirement.begin(worker);
    supervisor.later(this::topUp, Duration.ZERO);
  }

  void send(int worker, int thread, Token token) throws IOException {
    WorkerProcess process = workers.get(worker);
    if (process != null) {
      process.send(thread, token);
    }
  }

  /** The process id of a worker, or -1 if it has ended. */
  long pid(int worker) {
    WorkerProcess process = workers.get(worker);
    return process == null ? -1 : process.pid();
  }

  /** The workers that run now. */
  Collection<WorkerProcess> workers() {
    return List.copyOf(workers.values());
  }

  List<Long> pids() {
    return workers.values().stream().map(WorkerProcess::pid).toList();
  }

  /** From now on, workers that end are not replaced. */
  void stopReplacing() {
    closing = true;
  }

  /** Ends all workers, whose request FIFO has ended: by their own way, then SIGTERM, SIGKILL. */
  void close() {
    closing = true;
    List<WorkerProcess> left = List.copyOf(workers.values());
    List<ProcessHandle> children =
        left.stream().flatMap(worker -> worker.process().descendants()).toList();
    if (!await(left, WorkerPool::exit, END_OF_REQUESTS)) {
      left.forEach(worker -> worker.process().destroy());
      if (!await(left, WorkerPool::exit, TERMINATE)) {
        for (WorkerProcess worker : left) {
          if (worker.isAlive()) {
            LOG.log(Level.WARNING, "Worker {0} had to be killed", worker.number());
            worker.process().destroyForcibly();
          }
        }
        await(left, WorkerPool::exit, TERMINATE);
      }
    }
    children.forEach(ProcessHandle::destroyForcibly);
    await(left, WorkerProcess::ended, TERMINATE);
  }

  private static CompletableFuture<?> exit(WorkerProcess worker) {
    return worker.process().onExit();
  }

  private static boolean await(
      List<WorkerProcess> processes,
      Function<WorkerProcess, CompletableFuture<?>> end,
      Duration timeout) {
    CompletableFuture<?>[] ends = processes.stream().map(end).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
