package dev.gangway.python;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Listens to a worker: frames on its standard output (the worker's side is {@code
 * gangway_worker/frames.py}), lines on its standard error, which go to the log.
 */
final class WorkerOutput {

  private static final Logger LOG = System.getLogger(WorkerOutput.class.getName());
  private static final int READY = 1;
  private static final int FAILED = 2;
  private static final int RECORD = 3;
  private static final int LIMIT = 256 * 1024;
  private static final int LINE_LIMIT = 16 * 1024;
  private static final int LAST_LINES = 20;
  private static final int SHOWN = 300;

  /** Hears frames that only a parent of preloaded workers sends. */
  interface Others {
    void frame(int kind, String text);
  }

  private final String worker;
  private final Process process;
  private final Others others;
  private final ArrayDeque<String> last = new ArrayDeque<>();

  WorkerOutput(String worker, Process process, Others others) {
    this.worker = worker;
    this.process = process;
    this.others = others;
  }

  /**
   * Starts two threads, which end with the process.
   *
   * @return done when all frames have been heard
   */
  CompletableFuture<?> listen(Consumer<String> ready, Consumer<String> failed) {
    CompletableFuture<Void> lines = start("gangway-worker-" + worker + "-stderr", this::readLines);
    return start("gangway-worker-" + worker + "-frames", () -> readFrames(ready, failed))
        // A child of the worker may print for as long as it likes.
        .thenCompose(heard -> Timeouts.complete(lines, Duration.ofMillis(100)));
  }

  /** Reading that ends at the end of the stream. */
  private interface Reading {
    void run() throws IOException;
  }

  private static CompletableFuture<Void> start(String name, Reading reading) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                reading.run();
              } catch (IOException e) {
                LOG.log(Level.DEBUG, "A worker ended while it spoke", e);
              } finally {
                ended.complete(null);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return ended;
  }

  private void readFrames(Consumer<String> ready, Consumer<String> failed) throws IOException {
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      while (true) {
        int length;
        try {
          length = Integer.reverseBytes(in.readInt());
        } catch (EOFException e) {
          return;
        }
        int kind = in.readUnsignedByte();
        if (length < 0 || length > LIMIT) {
          LOG.log(Level.ERROR, "Worker {0} sent a frame of {1} bytes", worker, length);
          process.destroyForcibly();
          return;
        }
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        switch (kind) {
          case READY -> ready.accept(text);
          case FAILED -> failed.accept(text);
          case RECORD -> PythonLog.record(text);
          default -> others.frame(kind, text);
        }
      }
    }
  }

  private void readLines() throws IOException {
    try (InputStream err = process.getErrorStream();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(err, StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      for (int next = lines.read(); next >= 0; next = lines.read()) {
        if (next != '\n') {
          line.append((char) next);
        }
        if (next == '\n' || line.length() == LINE_LIMIT) {
          said(line.toString());
          line.setLength(0);
        }
      }
      if (!line.isEmpty()) {
        said(line.toString());
      }
    }
  }

  private void said(String line) {
    PythonLog.standardError(line);
    synchronized (last) {
      if (last.size() == LAST_LINES) {
        last.remove();
      }
      last.add(line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
    }
  }

  /** The last lines on standard error, joined by line ends. */
  String lastLines() {
    synchronized (last) {
      return String.join("\n", last);
    }
  }
}
