package dev.gangway.servlet;

import dev.gangway.exchange.Written;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts without blocking (Jakarta Servlet, section 5.8). The container's call and the
 * application's may meet: one of them writes, the other leaves a note that it shall write on.
 */
final class AsyncOutput implements WriteListener {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private static final Duration WRITER_LEAVES = Duration.ofSeconds(1);

  private final ServletOutputStream stream;
  private final Consumer<Throwable> failed;
  private final Queue<Part> parts = new ConcurrentLinkedQueue<>();
  private final AtomicInteger notes = new AtomicInteger();
  private volatile boolean used;

  /** The thread that is writing. */
  private volatile @Nullable Thread writer;

  private volatile @Nullable Throwable failure;

  /** What is to be done with a part when the stream is ready. */
  private enum Next {
    WRITE,
    FLUSH,
    DONE
  }

  /** A part, whose bytes come one chunk after the other. */
  private abstract static class Part {
    private final Written written;
    private Next next = Next.WRITE;

    Part(Written written) {
      this.written = written;
    }

    /** Writes the next chunk to a stream that is ready; returns whether that was the last one. */
    abstract boolean write(ServletOutputStream out) throws IOException;

    void done(@Nullable Throwable problem) {
      written.done(problem);
    }
  }

  private static final class Bytes extends Part {
    private final byte[] bytes;

    Bytes(byte[] bytes, Written written) {
      super(written);
      this.bytes = bytes;
    }

    @Override
    boolean write(ServletOutputStream out) throws IOException {
      out.write(bytes);
      return true;
    }
  }

  /** Nothing, and what to do behind it unless something failed. */
  private static final class End extends Part {

    End(Runnable action) {
      super(
          problem -> {
            if (problem == null) {
              action.run();
            }
          });
    }

    @Override
    boolean write(ServletOutputStream out) {
      return true;
    }
  }

  private AsyncOutput(ServletOutputStream stream, Consumer<Throwable> failed) {
    this.stream = stream;
    this.failed = failed;
  }

  /**
   * An output of a response that nothing has been written to.
   *
   * @param failed told when nothing can be written any more
   * @throws IllegalStateException if the response's stream cannot be written without blocking
   */
  static AsyncOutput open(HttpServletResponse response, Consumer<Throwable> failed)
      throws IOException {
    ServletOutputStream stream = response.getOutputStream();
    AsyncOutput output = new AsyncOutput(stream, failed);
    stream.setWriteListener(output);
    return output;
  }

  /** Writes a copy of the bytes, and flushes them. */
  void write(byte[] bytes, int offset, int length, Written written) {
    add(new Bytes(Arrays.copyOfRange(bytes, offset, offset + length), written));
  }

  /**
   * Writes a file, and closes it.
   *
   * @param executor writes what takes long
   * @param action run when everything has been written
   */
  void write(FileOutput file, Executor executor, Written written, Runnable action) {
    used = true;
    boolean large = file.isLarge();
    parts.add(
        new Part(written) {
          @Override
          boolean write(ServletOutputStream out) throws IOException {
            return file.write(out);
          }

          @Override
          void done(@Nullable Throwable problem) {
            try {
              file.close();
            } finally {
              super.done(problem);
            }
          }
        });
    // Before anybody writes: whoever comes first writes all that is there.
    parts.add(new End(action));
    if (!large) {
      write();
      return;
    }
    try {
      executor.execute(this::write);
    } catch (RuntimeException e) {
      // The container stops, or has ended the request.
      onError(e);
    }
  }

  /** Runs the action when everything before has been written. */
  void complete(Runnable action) {
    add(new End(action));
  }

  /** Runs the action when the stream can be written to; nothing is written. */
  void whenReady(Runnable action) {
    Part part = new End(action);
    part.next = Next.DONE;
    parts.add(part);
    write();
  }

  /** Whether nothing has been given to it, so that there may be another response. */
  boolean isUnused() {
    return !used;
  }

  private void add(Part part) {
    used = true;
    parts.add(part);
    write();
  }

  @Override
  public void onWritePossible() {
    write();
  }

  private void write() {
    if (notes.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      writer = Thread.currentThread();
      try {
        writeWhilePossible();
      } catch (IOException | RuntimeException e) {
        // Tomcat throws NullPointerException where the request is over.
        fail(e);
      } finally {
        writer = null;
      }
      seen = notes.addAndGet(-seen);
    } while (seen != 0);
  }

  /**
   * Waits until no other thread is writing, which does not take long. Tomcat tells of a failed
   * write before the thread that wrote has left Tomcat: if the request ended now, that thread would
   * mark a later one as failed, which has the same objects.
   */
  void awaitWriter() {
    long until = System.nanoTime() + WRITER_LEAVES.toNanos();
    Thread other = writer;
    while (other != null && other != Thread.currentThread() && System.nanoTime() < until) {
      LockSupport.parkNanos(10_000);
      other = writer;
    }
  }

  private void writeWhilePossible() throws IOException {
    while (true) {
      Part part = parts.peek();
      if (part == null) {
        return;
      }
      Throwable problem = failure;
      if (problem == null) {
        if (!stream.isReady()) {
          return;
        }
        if (part.next == Next.WRITE) {
          if (part.write(stream)) {
            part.next = Next.FLUSH;
          }
          continue;
        }
        if (part.next == Next.FLUSH) {
          stream.flush();
          part.next = Next.DONE;
          continue;
        }
      }
      parts.remove();
      part.done(problem);
    }
  }

  private void fail(Throwable cause) {
    tell(cause);
    notes.incrementAndGet(); // Once more, to tell those who wait for their parts.
  }

  private void tell(Throwable cause) {
    if (failure == null) {
      failure = cause;
      try {
        failed.accept(cause);
      } catch (RuntimeException e) {
        LOGGER.log(Level.ERROR, "A response that failed cannot be completed", e);
      }
    }
  }

  @Override
  public void onError(Throwable cause) {
    tell(cause);
    write();
  }
}
