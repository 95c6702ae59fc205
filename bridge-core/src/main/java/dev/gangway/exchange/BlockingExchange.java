package dev.gangway.exchange;

import dev.gangway.Environ;
import dev.gangway.FileBody;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An exchange on the caller's thread: what has to be done on that thread is put into a queue, which
 * the thread works off while it waits for the response.
 */
public final class BlockingExchange implements Exchange {

  private static final int PART = 16 * 1024;

  private final Environ environ;
  private final BooleanSupplier hasLeft; // may be asked by any thread
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /** Parts that nobody has acknowledged yet; those that come after the end are refused at once. */
  private final Set<Written> unacknowledged = new HashSet<>();

  private boolean closed; // guarded by unacknowledged

  // The caller's thread alone uses these.
  private @Nullable Head head;
  private byte @Nullable [] chunk;
  private Written written = Written.IGNORED;
  private @Nullable FileBody file;
  private @Nullable Throwable failure;
  private boolean ended;
  private @Nullable BodyReceiver receiver;

  private volatile @Nullable Runnable listener;

  private record Head(int status, String reason, List<Header> headers) {}

  /**
   * An exchange of the calling thread.
   *
   * @param environ of the request, with {@code wsgi.input}
   */
  public BlockingExchange(Environ environ) {
    this.environ = environ;
    hasLeft =
        environ.get("gangway.client_disconnected") instanceof BooleanSupplier supplier
            ? supplier
            : () -> false;
  }

  @Override
  public Environ environ() {
    return environ;
  }

  @Override
  public boolean hasBody() {
    long length = environ.contentLength();
    String protocol = environ.string("SERVER_PROTOCOL");
    return length > 0
        || (length < 0
            && (environ.header("Transfer-Encoding") != null
                || (protocol != null && !protocol.startsWith("HTTP/1"))));
  }

  @Override
  public void receive(BodyReceiver bodyReceiver) {
    tasks.add(
        () -> {
          receiver = bodyReceiver;
          readBody();
        });
  }

  @Override
  public void resume() {
    tasks.add(this::readBody);
  }

  private void readBody() {
    BodyReceiver to = receiver;
    if (to == null) {
      return;
    }
    byte[] part = new byte[PART];
    try {
      InputStream input = environ.input();
      boolean more = true;
      while (more) {
        int length = input.read(part);
        if (length < 0) {
          to.onEnd();
          return;
        }
        more = to.onData(part, 0, length);
      }
    } catch (IOException e) {
      to.onError(e);
    }
  }

  @Override
  public void start(int status, String reason, List<Header> headers) {
    tasks.add(() -> head = new Head(status, reason, headers));
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Written partWritten) {
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
    boolean late;
    synchronized (unacknowledged) {
      late = closed;
      if (!late && partWritten != Written.IGNORED) {
        unacknowledged.add(partWritten);
      }
    }
    if (late) {
      partWritten.done(new IOException("The response was closed before its end"));
      return;
    }
    tasks.add(
        () -> {
          chunk = copy;
          written = partWritten;
        });
  }

  @Override
  public void complete(byte[] bytes, int offset, int length) {
    byte[] last = length == 0 ? null : Arrays.copyOfRange(bytes, offset, offset + length);
    tasks.add(
        () -> {
          chunk = last;
          ended = true;
        });
  }

  @Override
  public void complete(Path path, long offset, long count, Written fileWritten) {
    FileBody body;
    try {
      body = new FileBody(path, offset, count, new Told(Files.newInputStream(path), fileWritten));
    } catch (IOException e) {
      fileWritten.done(e);
      fail(500, List.of(), e);
      return;
    }
    tasks.add(
        () -> {
          file = body;
          ended = true;
        });
  }

  @Override
  public void fail(int status, List<Header> headers, Throwable cause) {
    tasks.add(
        () -> {
          ended = true;
          failure = cause;
          if (head == null) {
            head = new Head(status, "", headers);
          }
        });
  }

  @Override
  public void onDisconnect(Runnable disconnected) {
    listener = disconnected;
  }

  @Override
  public boolean isClientGone(ClientProbe probe) {
    return hasLeft.getAsBoolean();
  }

  /**
   * Waits for the head.
   *
   * @param startResponse gets the head
   * @return the body to be; its iterator waits for the parts, and its end or its being closed
   *     releases what is left of the exchange
   * @throws Exception as {@code startResponse} does
   */
  public ResponseBody respond(StartResponse startResponse) throws Exception {
    while (!ended && chunk == null) {
      workOff();
    }
    Head begun = head;
    if (begun == null) {
      throw new IllegalStateException(
          "The application behind the exchange answered without a head");
    }
    if (failure != null && chunk == null) {
      return refuse(begun, startResponse);
    }
    startResponse.start(begun.status + " " + begun.reason, begun.headers);
    return file != null ? file : new Body();
  }

  /** The response for a request that the application did not answer. */
  private static ResponseBody refuse(Head head, StartResponse startResponse) throws Exception {
    List<Header> headers = new java.util.ArrayList<>(head.headers);
    headers.add(new Header("Content-Type", "text/plain; charset=utf-8"));
    startResponse.start(head.status + " " + head.reason, headers);
    return ResponseBody.of(head.status + "\n");
  }

  private void workOff() {
    try {
      tasks.take().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended = true;
      failure = e;
      if (head == null) {
        head = new Head(503, "Service Unavailable", List.of());
      }
      disconnect();
    }
  }

  private void disconnect() {
    Runnable told = listener;
    if (told != null) {
      told.run();
    }
  }

  /** Tells that the file is not needed any more. */
  private static final class Told extends FilterInputStream {

    private final Written written;

    Told(InputStream opened, Written written) {
      super(opened);
      this.written = written;
    }

    @Override
    public void close() throws IOException {
      super.close();
      written.done(null);
    }
  }

  /** The chunks as the worker sends them; each is acknowledged when the next is asked for. */
  private final class Body implements ResponseBody {

    @Override
    public int size() {
      // Known when the whole response is here already, which spares a flush.
      return ended && failure == null ? (chunk == null ? 0 : 1) : -1;
    }

    @Override
    public Iterator<byte[]> iterator() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          while (chunk == null && !ended) {
            workOff();
          }
          if (chunk == null && failure != null) {
            throw new UncheckedIOException(new IOException("The response broke off", failure));
          }
          return chunk != null;
        }

        @Override
        public byte[] next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          byte[] result = chunk == null ? new byte[0] : chunk;
          chunk = null;
          Written told = written;
          written = Written.IGNORED;
          synchronized (unacknowledged) {
            unacknowledged.remove(told);
          }
          told.done(null);
          return result;
        }
      };
    }

    @Override
    public void close() {
      if (!ended) {
        ended = true;
        disconnect();
      }
      List<Written> left;
      synchronized (unacknowledged) {
        closed = true;
        left = List.copyOf(unacknowledged);
        unacknowledged.clear();
      }
      left.forEach(part -> part.done(new IOException("The response was closed before its end")));
    }
  }
}
