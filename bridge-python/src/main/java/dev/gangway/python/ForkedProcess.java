package dev.gangway.python;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that is not our child: a parent process has forked it, tells us when it has ended, and
 * it speaks to us through FIFOs. Safe for many threads.
 */
final class ForkedProcess extends Process {

  /** The exit code where nobody is left who could tell. */
  static final int UNKNOWN = -1;

  private static final Logger LOG = System.getLogger(ForkedProcess.class.getName());

  private final long pid;
  private final Optional<ProcessHandle> handle;
  private final ForkFiles files;
  private final InputStream frames;
  private final InputStream errors;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  ForkedProcess(long pid, ForkFiles files) {
    this.pid = pid;
    this.handle = ProcessHandle.of(pid);
    this.files = files;
    this.frames = new FifoInput(files.frames());
    this.errors = new FifoInput(files.errors());
  }

  /** Opened when it is first read, by the thread that reads it: opening waits for the writer. */
  private static final class FifoInput extends InputStream {
    private final Path path;
    private @Nullable FileInputStream in;

    FifoInput(Path path) {
      this.path = path;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      FileInputStream opened = in;
      if (opened == null) {
        opened = new FileInputStream(path.toFile());
        in = opened;
      }
      return opened.read(into, offset, length);
    }

    @Override
    public void close() throws IOException {
      FileInputStream opened = in;
      if (opened != null) {
        opened.close();
      }
    }
  }

  /** The process has ended, or its parent has, so that the handle alone can tell of the end. */
  void ended(int code) {
    // Whoever waits for it to open its end waits in vain if it never did.
    try (RandomAccessFile writes = new RandomAccessFile(files.frames().toFile(), "rw");
        RandomAccessFile prints = new RandomAccessFile(files.errors().toFile(), "rw")) {
      LOG.log(Level.TRACE, "{0} and {1} are open", writes, prints);
      files.hide();
    } catch (IOException e) {
      LOG.log(Level.TRACE, "It did", e);
    }
    files.close();
    exit.completeAsync(() -> code);
  }

  /** The parent process has ended: the exit code will never be known. */
  void orphaned() {
    if (handle.isEmpty()) {
      ended(UNKNOWN);
    } else {
      CompletableFuture<?> unused = handle.get().onExit().thenRun(() -> ended(UNKNOWN));
    }
  }

  /** Both sides have its files open: nobody else is to find them. */
  void hideFiles() {
    files.hide();
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public ProcessHandle toHandle() {
    return handle.orElseThrow(() -> new UnsupportedOperationException("It has ended"));
  }

  @Override
  public Stream<ProcessHandle> descendants() {
    return handle.stream().flatMap(ProcessHandle::descendants);
  }

  @Override
  public InputStream getInputStream() {
    return frames;
  }

  @Override
  public InputStream getErrorStream() {
    return errors;
  }

  @Override
  public OutputStream getOutputStream() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public boolean isAlive() {
    return !exit.isDone();
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return exit.thenApply(code -> this);
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      return exit.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int exitValue() {
    if (!exit.isDone()) {
      throw new IllegalThreadStateException("Process " + pid + " has not ended");
    }
    return exit.join();
  }

  @Override
  public void destroy() {
    if (isAlive()) {
      handle.ifPresent(ProcessHandle::destroy);
    }
  }

  @Override
  public Process destroyForcibly() {
    if (isAlive()) {
      handle.ifPresent(ProcessHandle::destroyForcibly);
    }
    return this;
  }
}
