package dev.gangway.python;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that imports the application once and forks workers ({@code
 * gangway_worker/preload.py}), which share its memory. Safe for many threads.
 */
final class PreloadParent {

  private static final Logger LOG = System.getLogger(PreloadParent.class.getName());
  private static final int FORKED = 4;
  private static final int EXITED = 5;
  private static final long FORK_SECONDS = 10;

  private final PythonSettings settings;
  private final PrivateFolders folders;
  private final Process process;
  private final WorkerOutput output;
  private final CompletableFuture<Void> imported = new CompletableFuture<>();
  private final CompletableFuture<Void> ended;
  private final Map<Integer, CompletableFuture<Long>> asked = new ConcurrentHashMap<>();
  private final Map<Integer, ForkedProcess> workers = new ConcurrentHashMap<>();

  /** Exit codes of workers that ended before {@link #fork} had heard that they began. */
  private final Map<Integer, Integer> early = new ConcurrentHashMap<>();

  private volatile boolean closing;

  /**
   * Starts the process.
   *
   * @throws PythonStartException if the interpreter cannot be run
   */
  PreloadParent(PythonSettings settings, PrivateFolders folders) throws PythonStartException {
    this.settings = settings;
    this.folders = folders;
    process = WorkerCommand.start(settings, folders, "preload=true");
    output = new WorkerOutput("preload", process, this::heard);
    CompletableFuture<?> all =
        output.listen(
            said -> imported.complete(null),
            why -> imported.completeExceptionally(new PythonStartException(why)));
    ended =
        process
            .onExit()
            .thenCompose(
                exited -> Timeouts.complete(all.thenAccept(done -> {}), Duration.ofSeconds(1)))
            .thenRun(this::end);
  }

  private void heard(int kind, String text) {
    String[] fields = text.split(" ", 3);
    int worker = Integer.parseInt(fields[0]);
    if (kind == FORKED) {
      CompletableFuture<Long> answer = asked.remove(worker);
      if (answer != null) {
        answer.complete(Long.parseLong(fields[1]));
      }
    } else if (kind == EXITED) {
      exited(worker, Integer.parseInt(fields[1]), fields.length > 2 ? fields[2] : "");
    }
  }

  private void exited(int worker, int code, String why) {
    CompletableFuture<Long> answer = asked.remove(worker);
    if (answer != null) {
      answer.completeExceptionally(
          new IOException("The application's parent process cannot fork: " + why));
      return;
    }
    ForkedProcess forked;
    synchronized (workers) {
      forked = workers.remove(worker);
      if (forked == null) {
        early.put(worker, code);
      }
    }
    if (forked != null) {
      forked.ended(code);
      closeWhenChildless();
    }
  }

  private void end() {
    imported.completeExceptionally(
        new PythonStartException("The parent process " + how() + " before it was ready"));
    asked.values().forEach(answer -> answer.completeExceptionally(new IOException(how())));
    synchronized (workers) {
      workers.values().forEach(ForkedProcess::orphaned);
      workers.clear();
    }
  }

  /**
   * Forks a worker. Waits until it runs, which takes milliseconds.
   *
   * @param credits the beginning of the paths of its threads' FIFOs
   * @throws PythonStartException if it cannot be forked
   */
  ForkedProcess fork(int worker, String credits, Path streams) throws PythonStartException {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    ForkFiles files = null;
    try {
      files = new ForkFiles(folders, worker, settings.threads(), credits);
      folders.makeStacks(worker);
      asked.put(worker, answer);
      ask(worker, files, credits, streams);
      long pid = answer.get(FORK_SECONDS, TimeUnit.SECONDS);
      return register(worker, new ForkedProcess(pid, files));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(worker, files, e);
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw failed(worker, files, e);
    }
  }

  private void ask(int worker, ForkFiles files, String credits, Path streams) throws IOException {
    String request =
        String.join(
            "\0",
            Integer.toString(worker),
            files.frames().toString(),
            files.errors().toString(),
            files.life().toString(),
            credits,
            folders.stacks(worker).toString(),
            streams.toString());
    byte[] line = (request + "\n").getBytes(StandardCharsets.UTF_8);
    OutputStream control = process.getOutputStream();
    synchronized (control) {
      control.write(line);
      control.flush();
    }
    if (!process.isAlive()) {
      throw new IOException("The application's parent process " + how());
    }
  }

  private ForkedProcess register(int worker, ForkedProcess forked) {
    Integer code;
    synchronized (workers) {
      code = early.remove(worker);
      if (code == null) {
        workers.put(worker, forked);
        if (!process.isAlive()) {
          forked.orphaned();
        }
      }
    }
    if (code != null) {
      forked.ended(code);
    }
    return forked;
  }

  private PythonStartException failed(
      int worker, @org.jspecify.annotations.Nullable ForkFiles files, Exception cause) {
    asked.remove(worker);
    if (files != null) {
      // A worker that is forked all the same ends, since its files are gone.
      files.close();
    }
    Throwable why =
        cause instanceof ExecutionException && cause.getCause() != null ? cause.getCause() : cause;
    return new PythonStartException("A worker cannot be forked: " + why.getMessage(), why);
  }

  /** Completes when the application is imported, or with the traceback. */
  CompletableFuture<Void> imported() {
    return imported;
  }

  /** Whether workers can be forked. */
  boolean isReady() {
    return imported.isDone() && !imported.isCompletedExceptionally() && process.isAlive();
  }

  /** Completes when the process has ended. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  boolean isClosing() {
    return closing;
  }

  long pid() {
    return process.pid();
  }

  /** How the process has ended, for the log. */
  String how() {
    if (process.isAlive()) {
      return "runs";
    }
    return WorkerProcess.how(process.exitValue());
  }

  /** The last lines that it printed. */
  String lastWords() {
    return output.lastLines();
  }

  /** No worker will be forked any more: the process ends when the last has ended. */
  void close() {
    closing = true;
    closeWhenChildless();
  }

  private void closeWhenChildless() {
    if (closing && workers.isEmpty()) {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "A parent process ended before it was told to", e);
      }
      if (!imported.isDone()) {
        process.destroyForcibly();
      }
    }
  }

  void destroyForcibly() {
    process.destroyForcibly();
  }
}
