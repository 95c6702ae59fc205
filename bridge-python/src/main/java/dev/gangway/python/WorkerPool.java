package dev.gangway.python;

import dev.gangway.python.PythonListener.EndReason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps as many workers running as the settings say. Safe for many threads. */
final class WorkerPool {

  private static final Logger LOG = System.getLogger(WorkerPool.class.getName());

  /** Whoever waits for a worker's start gives up first. */
  private static final Duration LATE = Duration.ofSeconds(1);

  /** How often it is looked whether a worker that is due may be replaced. */
  private static final Duration RECYCLE_AGAIN = Duration.ofMillis(500);

  /** When a thread of a worker that is just starting is told to go on after all. */
  private static final Duration AGAIN = Duration.ofMillis(5);

  /** The signal that asks for stacks can wake a worker up from what it was stuck in. */
  private static final Duration STACKS_ARE_READ = Duration.ofMillis(500);

  private static final Duration END_OF_REQUESTS = Duration.ofSeconds(5);
  private static final Duration TERMINATE = Duration.ofSeconds(2);

  private final PythonSettings settings;
  private final PrivateFolders folders;
  private final Supervisor supervisor;
  private final Retirement retirement;
  private final Restarts restarts;
  private final Statistics statistics;
  private final BiConsumer<Integer, String> ended;
  private final WorkerProcess.Connector connector;
  private final Preload preload;
  private final Map<Integer, WorkerProcess> workers = new ConcurrentHashMap<>();
  private final Set<Integer> starting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean started;
  private volatile boolean closing;

  /** What the application has started; nobody can tell any more when the workers have ended. */
  private volatile List<ProcessHandle> children = List.of();

  /**
   * A pool without workers yet.
   *
   * @param retirement how a worker's service ends
   * @param restarts when those that end are replaced
   * @param connector connects to workers of an ASGI application
   * @param ended told the number of each worker that may have had requests and has ended, and how
   */
  WorkerPool(
      PythonSettings settings,
      PrivateFolders folders,
      Supervisor supervisor,
      Retirement retirement,
      Restarts restarts,
      Statistics statistics,
      WorkerProcess.Connector connector,
      BiConsumer<Integer, String> ended) {
    this.settings = settings;
    this.folders = folders;
    this.supervisor = supervisor;
    this.retirement = retirement;
    this.restarts = restarts;
    this.statistics = statistics;
    this.ended = ended;
    this.connector = connector;
    this.preload =
        new Preload(settings, folders, supervisor, restarts, this::failed, this::renewed);
  }

  /**
   * Starts the workers and waits until all have imported the application.
   *
   * @throws PythonStartException with the traceback of the first that failed
   */
  void start() throws PythonStartException {
    PreloadParent first = null;
    if (settings.preload()) {
      first = preload.start();
      await(List.of(first.imported()));
      preload.use(first);
    }
    List<WorkerProcess> starting = new ArrayList<>();
    for (int i = 0; i < settings.workers(); i++) {
      starting.add(spawn(first, false));
    }
    await(starting.stream().map(WorkerProcess::ready).toList());
    // One that was ready may have ended while another was starting.
    started = true;
    supervisor.later(this::topUp, Duration.ZERO);
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
    PreloadParent fresh = null;
    try {
      if (settings.preload()) {
        fresh = preload.start();
        await(List.of(fresh.imported()));
      }
      for (int i = 0; i < settings.workers(); i++) {
        starting.add(spawn(fresh, false));
      }
      await(starting.stream().map(WorkerProcess::ready).toList());
    } catch (PythonStartException e) {
      starting.forEach(WorkerProcess::dismiss);
      if (fresh != null) {
        fresh.close();
      }
      supervisor.later(this::topUp, Duration.ZERO);
      throw e;
    }
    if (fresh != null) {
      preload.use(fresh);
    }
    old.forEach(worker -> retire(worker, EndReason.RELOADED, "the application is reloaded"));
  }

  private void await(List<CompletableFuture<?>> starting) throws PythonStartException {
    CompletableFuture<?>[] all = starting.toArray(CompletableFuture<?>[]::new);
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
          settings.application() + " was not ready within " + settings.startTimeout(), e);
    } catch (ExecutionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PythonStartException(
          settings.application() + " does not start: " + cause.getMessage(), cause);
    }
  }

  /**
   * Starts a worker.
   *
   * @param parent forks it, or null
   * @param again whether another is to be started if this one does not get ready; if not, the
   *     caller hears of it
   */
  private WorkerProcess spawn(@Nullable PreloadParent parent, boolean again)
      throws PythonStartException {
    folders.check();
    int number = next.getAndIncrement();
    retirement.forget(number);
    WorkerProcess worker;
    // It may answer a request before this thread has put it where send() looks.
    starting.add(number);
    try {
      worker = new WorkerProcess(number, settings, folders, connector, parent);
      workers.put(number, worker);
    } finally {
      starting.remove(number);
    }
    worker.whenEnded(() -> onEnd(worker, again));
    if (closing) {
      // close() may have looked before this one was there.
      worker.dismiss();
      throw new PythonStartException(settings.application() + " is being closed");
    }
    supervisor.later(() -> endStart(worker), settings.startTimeout().plus(LATE));
    CompletableFuture<?> unused =
        worker
            .ready()
            .whenComplete(
                (ready, failure) -> {
                  if (failure == null) {
                    statistics.workerStarted(worker.pid());
                    supervisor.later(() -> proved(worker), Restarts.PROVED);
                  } else {
                    // A thread that the application started might keep it from ending.
                    supervisor.later(worker::dismissUnready, TERMINATE);
                  }
                });
    return worker;
  }

  private void proved(WorkerProcess worker) {
    if (worker.isAlive()) {
      restarts.proved();
      topUp();
    }
  }

  /** A worker that does not come to serve makes room for another try. */
  private void endStart(WorkerProcess worker) {
    if (worker.isAlive() && !worker.ready().isDone()) {
      LOG.log(
          Level.ERROR,
          "Worker {0} of {1} was not ready within {2}",
          worker.number(),
          settings.application(),
          settings.startTimeout());
      worker.process().destroyForcibly();
    }
  }

  private void onEnd(WorkerProcess worker, boolean again) {
    boolean answered = statistics.answeredBy(worker.number()) > 0;
    if (worker.mayHaveRead()) {
      ended.accept(worker.number(), worker.how());
    }
    workers.remove(worker.number());
    supervisor.later(() -> folders.forget(worker.number()), STACKS_ARE_READ);
    ForkedChildren.end(worker.pid(), folders.worker());
    boolean asked = closing || worker.retiring();
    EndReason reason = closing ? EndReason.CLOSED : worker.endReason();
    statistics.workerEnded(worker.pid(), worker.how(), reason);
    if (asked || !started || (!again && !worker.mayHaveRead())) {
      return;
    }
    if (answered || worker.hasProvedItself()) {
      if (!worker.hasProvedItself()) {
        restarts.proved();
      }
      LOG.log(Level.ERROR, "{0} of {1}; it is replaced", described(worker), settings.application());
      supervisor.later(this::topUp, Duration.ZERO);
    } else {
      failed(described(worker), worker.lastWords());
    }
  }

  private static String described(WorkerProcess worker) {
    return "Worker "
        + worker.number()
        + " (pid "
        + worker.pid()
        + ") "
        + worker.how()
        + (worker.mayHaveRead() ? "" : " before it was ready");
  }

  private void failed(String how, String words) {
    int serving = (int) workers.values().stream().filter(WorkerProcess::serves).count();
    Duration pause = restarts.failed(how, words, serving);
    if (pause != null) {
      supervisor.later(
          () -> {
            restarts.trying();
            topUp();
          },
          pause);
    }
  }

  /** Another parent process is there: the workers of one that has ended are replaced. */
  private void renewed(PreloadParent parent) {
    for (WorkerProcess worker : workers.values()) {
      PreloadParent own = worker.parent();
      if (own != parent && own != null && !own.isAlive()) {
        recycle(worker, EndReason.PARENT_ENDED, "its parent process has ended");
      }
    }
    topUp();
  }

  /** Whether a worker takes requests. */
  boolean serves() {
    return workers.values().stream().anyMatch(WorkerProcess::serves);
  }

  /** Starts as many workers as are missing; one that is being replaced may have ended before. */
  private void topUp() {
    // Asked for even if no worker is missing: those of a parent that has ended are to be replaced.
    if (!started || closing || !preload.isReady()) {
      return;
    }
    int missing;
    while (!closing && (missing = missing()) > 0) {
      if (restarts.permitted(missing, unproved()) == 0 || !preload.isReady()) {
        return;
      }
      try {
        spawn(preload.parent(), true);
      } catch (PythonStartException e) {
        failed("A worker could not be started", String.valueOf(e.getMessage()));
        return;
      }
    }
  }

  private int unproved() {
    return (int)
        workers.values().stream()
            .filter(worker -> !worker.retiring() && !worker.hasProvedItself())
            .count();
  }

  private int missing() {
    return settings.workers()
        - (int) workers.values().stream().filter(worker -> !worker.retiring()).count();
  }

  /**
   * Replaces one worker: another imports the application, then this one finishes what it has in
   * hand. Does nothing if it is being replaced already.
   *
   * @param because for the log
   */
  void recycle(WorkerProcess worker, EndReason reason, String because) {
    if (!closing && worker.beginRecycling()) {
      succeed(worker, reason, because);
    }
  }

  /** Tries until there is a successor, as often as restarts are permitted. */
  private void succeed(WorkerProcess worker, EndReason reason, String because) {
    if (closing || worker.retiring() || !worker.isAlive()) {
      return;
    }
    if (restarts.permitted(1, unproved()) == 0 || !preload.isReady()) {
      supervisor.later(() -> succeed(worker, reason, because), RECYCLE_AGAIN);
      return;
    }
    WorkerProcess successor;
    try {
      successor = spawn(preload.parent(), false);
    } catch (PythonStartException e) {
      stays(worker, reason, because, e);
      return;
    }
    CompletableFuture<?> unused =
        successor
            .ready()
            .whenComplete(
                (ready, failure) -> {
                  if (failure == null) {
                    retire(worker, reason, because);
                  } else {
                    successor.dismiss();
                    stays(worker, reason, because, failure);
                  }
                });
  }

  private void stays(WorkerProcess worker, EndReason reason, String because, Throwable failure) {
    String how =
        "Worker " + worker.number() + " stays, though " + because + ": its successor failed";
    failed(how, String.valueOf(failure.getMessage()));
    supervisor.later(() -> succeed(worker, reason, because), RECYCLE_AGAIN);
  }

  /** Starts another in the place of a worker that will not finish what it has in hand. */
  void giveUp(WorkerProcess worker, EndReason reason) {
    worker.dismissed(reason);
    supervisor.later(this::topUp, Duration.ZERO);
  }

  private void retire(WorkerProcess worker, EndReason reason, String because) {
    LOG.log(
        Level.INFO,
        "Worker {0} (pid {1}) of {2} is replaced: {3}",
        worker.number(),
        String.valueOf(worker.pid()),
        settings.application(),
        because);
    worker.dismissed(reason);
    retirement.begin(worker);
    supervisor.later(this::topUp, Duration.ZERO);
  }

  void send(int worker, int thread, Token token) throws IOException {
    boolean begins = starting.contains(worker); // before the other look: it ends after that begins
    WorkerProcess process = workers.get(worker);
    if (process != null) {
      process.send(thread, token);
    } else if (begins) {
      supervisor.later(() -> sendLater(worker, thread, token), AGAIN);
    }
  }

  private void sendLater(int worker, int thread, Token token) {
    try {
      send(worker, thread, token);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A worker ended before it was told to go on", e);
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
    children = workers.values().stream().flatMap(worker -> worker.process().descendants()).toList();
    preload.stop();
  }

  /** Ends all workers, whose request FIFO has ended: by their own way, then SIGTERM, SIGKILL. */
  void close() {
    closing = true;
    List<WorkerProcess> left = List.copyOf(workers.values());
    // One that is starting has nothing in hand, and may open the request FIFO only now: it would
    // wait
    // there for somebody who writes.
    left.stream().filter(worker -> !worker.ready().isDone()).forEach(WorkerProcess::terminate);
    if (!await(left, WorkerPool::exit, END_OF_REQUESTS)) {
      left.forEach(WorkerProcess::terminate);
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
    preload.close();
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
