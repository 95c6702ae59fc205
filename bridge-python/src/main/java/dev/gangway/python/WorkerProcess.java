package dev.gangway.python;

import dev.gangway.python.PythonListener.EndReason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One worker process: its interpreter, what it says, and the FIFOs on which its threads are told to
 * go on. Safe for many threads.
 */
final class WorkerProcess {

  /** Told of workers that are ready, to connect to those that serve an ASGI application. */
  interface Connector {

    /**
     * Before the worker counts as ready.
     *
     * @param socket on which it listens, or null if it serves a WSGI application
     * @throws IOException if it cannot be used
     */
    void connect(int worker, long pid, @Nullable Path socket) throws IOException;
  }

  private static final Logger LOG = System.getLogger(WorkerProcess.class.getName());
  private static final int PAGE = 4096;

  private final int number;
  private final Process process;
  private final String credits;
  private final Path streams;
  private final Connector connector;
  private final @Nullable PreloadParent parent;
  private final WorkerOutput output;
  private final CompletableFuture<?> heard;
  private final long requestLimit;
  private final String interpreter;
  private final AtomicBoolean recycling = new AtomicBoolean();
  private volatile boolean retiring;
  private volatile @Nullable EndReason retiringBecause;
  private volatile boolean saidReady;
  private volatile boolean asgi;
  private volatile String traceback = "";
  private volatile CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
  private volatile long readySince;
  private final CompletableFuture<List<CreditFifo>> ready = new CompletableFuture<>();

  /**
   * Starts a process.
   *
   * @param number never used before in this application
   * @param connector called when the worker turns out to serve an ASGI application
   * @param parent forks it; null for a process that imports the application itself
   * @throws PythonStartException if the interpreter cannot be run, or not be forked
   */
  WorkerProcess(
      int number,
      PythonSettings settings,
      PrivateFolders folders,
      Connector connector,
      @Nullable PreloadParent parent)
      throws PythonStartException {
    this.number = number;
    this.parent = parent;
    this.connector = connector;
    this.streams = folders.streams(number);
    this.requestLimit = Watchdog.requestLimit(settings);
    this.interpreter = settings.interpreter();
    if (parent == null) {
      credits = folders.credits();
      process =
          WorkerCommand.start(
              settings,
              folders,
              "preload=false",
              "worker=" + number,
              "credits=" + credits,
              "streams=" + streams,
              "stacks=" + folders.stacks(number));
    } else {
      credits = folders.unguessableCredits();
      process = parent.fork(number, credits, streams);
    }
    output = new WorkerOutput(Integer.toString(number), process, this::unknownFrame);
    heard = output.listen(said -> opened(said, settings.threads()), this::failed);
  }

  private void unknownFrame(int kind, String text) {
    LOG.log(Level.WARNING, "Worker {0} sent a frame of kind {1}", number, kind);
  }

  private void opened(String said, int threads) {
    if (saidReady) {
      LOG.log(Level.WARNING, "Worker {0} said twice that it is ready", number);
      return;
    }
    asgi = said.endsWith(" asgi");
    saidReady = true;
    List<CreditFifo> opened = new ArrayList<>();
    try {
      connector.connect(number, pid(), asgi ? streams : null);
      for (int thread = 0; thread < threads; thread++) {
        Path fifo = Path.of(credits + "-" + number + "-" + thread);
        if (!asgi) {
          opened.add(new CreditFifo(fifo));
        }
        // Both sides have it open; nobody else is to find it.
        Files.delete(fifo);
      }
      Files.deleteIfExists(streams);
      if (process instanceof ForkedProcess forked) {
        forked.hideFiles();
      }
      readySince = System.nanoTime();
      if (ready.complete(List.copyOf(opened))) {
        return;
      }
    } catch (IOException e) {
      ready.completeExceptionally(e);
      process.destroyForcibly();
    }
    close(opened);
  }

  private void failed(String why) {
    traceback = why.strip();
    ready.completeExceptionally(new PythonStartException(why));
  }

  int number() {
    return number;
  }

  /** The process that forked this one, or null. */
  @Nullable PreloadParent parent() {
    return parent;
  }

  long pid() {
    return process.pid();
  }

  /** Whether it serves an ASGI application; known when it is ready. */
  boolean isAsgi() {
    return asgi;
  }

  /** After how many requests the worker is due for replacement. */
  long requestLimit() {
    return requestLimit;
  }

  /** Whether another takes this worker's place, so that nobody has to when it ends. */
  boolean retiring() {
    return retiring;
  }

  PythonSnapshot.State state() {
    if (retiring) {
      return PythonSnapshot.State.RETIRING;
    }
    return isReady() ? PythonSnapshot.State.SERVING : PythonSnapshot.State.STARTING;
  }

  private boolean isReady() {
    return ready.isDone() && !ready.isCompletedExceptionally();
  }

  /** Whether it takes requests. */
  boolean serves() {
    return isReady() && !retiring && process.isAlive();
  }

  /** Whether it has served so long that its start was none of those that fail again and again. */
  boolean hasProvedItself() {
    return served().compareTo(Restarts.PROVED) >= 0;
  }

  /** Whether it may have read a request: it has said that it is ready. */
  boolean mayHaveRead() {
    return saidReady;
  }

  /** The traceback of a failed import, or the last lines that it printed; may be empty. */
  String lastWords() {
    return traceback.isEmpty() ? output.lastLines() : traceback;
  }

  /** Takes note that another takes this worker's place, and why. */
  void dismissed(EndReason reason) {
    retiringBecause = reason;
    retiring = true;
  }

  /** Why the process has ended. */
  EndReason endReason() {
    EndReason reason = retiringBecause;
    if (reason != null) {
      return reason;
    }
    return saidReady ? EndReason.CRASHED : EndReason.START_FAILED;
  }

  /**
   * Sends SIGTERM. {@link Process#destroy} would also close the pipe whose end means that we are
   * gone, at which the worker is killed at once.
   */
  void terminate() {
    if (process instanceof ForkedProcess) {
      process.destroy();
    } else if (process.isAlive()) {
      process.toHandle().destroy();
    }
  }

  /** Ends a worker that is not needed after all. */
  void dismiss() {
    dismissed(EndReason.DISMISSED);
    process.destroyForcibly();
  }

  /** Ends a worker that has said that it cannot start. */
  void dismissUnready() {
    if (process.isAlive()) {
      process.destroyForcibly();
    }
  }

  /** Whether this call is the one that begins to replace the worker. */
  boolean beginRecycling() {
    return !retiring && recycling.compareAndSet(false, true);
  }

  /** Bytes of memory that are in RAM, or 0 where the system does not tell. */
  long residentBytes() {
    try {
      String[] pages = Files.readString(Path.of("/proc/" + pid() + "/statm")).split(" ", 3);
      return Long.parseLong(pages[1]) * PAGE;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** How long the worker has been ready; zero if it is not. */
  Duration served() {
    return isReady() ? Duration.ofNanos(System.nanoTime() - readySince) : Duration.ZERO;
  }

  /** Completes when the application is imported, or with the traceback. */
  CompletableFuture<?> ready() {
    return ready;
  }

  /** Tells one of the process's threads something. */
  void send(int thread, Token token) throws IOException {
    if (!ready.isDone()) {
      // It takes requests as soon as it has said that it is ready, which we may hear later.
      CompletableFuture<?> unused = ready.thenAccept(opened -> sendLater(thread, token));
      return;
    }
    List<CreditFifo> credits = ready.getNow(List.of());
    if (thread < 0 || thread >= credits.size()) {
      throw new IOException("The worker " + number + " has no thread " + thread);
    }
    if (!credits.get(thread).write(token)) {
      LOG.log(
          Level.ERROR,
          "Worker {0} does not read what its thread {1} is told; it is ended and replaced",
          number,
          thread);
      process.destroyForcibly();
    }
  }

  private void sendLater(int thread, Token token) {
    try {
      send(thread, token);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A worker ended before it was told to go on", e);
    }
  }

  /** Completes when the process has ended and what {@link #whenEnded} was told is done. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Runs the action when the process has ended, and what it said has been heard. */
  void whenEnded(Runnable action) {
    ended =
        process
            .onExit()
            // A child of the worker may have the stream open still.
            .thenCompose(
                exited -> Timeouts.complete(heard.thenAccept(done -> {}), Duration.ofSeconds(1)))
            .thenRun(
                () -> {
                  ready.completeExceptionally(
                      new PythonStartException(
                          "The worker " + how() + " before it was ready" + advice()));
                  if (!ready.isCompletedExceptionally()) {
                    close(ready.getNow(List.of()));
                  }
                  action.run();
                });
  }

  private String advice() {
    String words = output.lastLines();
    return words.isEmpty()
        ? ", and said nothing; is " + interpreter + " a Python of version 3.9 or newer?"
        : ". It said:\n" + words;
  }

  private static void close(List<CreditFifo> files) {
    for (CreditFifo file : files) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "A FIFO of a worker cannot be closed", e);
      }
    }
  }

  /** How the process has ended, for the log. */
  String how() {
    return how(process.exitValue());
  }

  static String how(int code) {
    if (code == ForkedProcess.UNKNOWN) {
      return "ended after its parent process, which would have told how";
    }
    // Java reports a signal as 128 and its number.
    return code > 128 ? "was killed by signal " + (code - 128) : "exited with code " + code;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Process process() {
    return process;
  }
}
