package dev.gangway.servlet;

import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.Exchange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an ASGI application receives for one request: its body, part by part, and then the
 * disconnect (ASGI HTTP 2.5, "Request" and "Disconnect"). Each part is read from the client when it
 * is asked for. Safe for many threads; the application's calls come one at a time.
 */
final class AsgiRequestBody implements BodyReceiver {

  private static final ReceiveEvent END =
      new ReceiveEvent.HttpRequest(ByteBuffer.allocate(0).asReadOnlyBuffer(), false);
  private static final ReceiveEvent DISCONNECT = new ReceiveEvent.HttpDisconnect();

  /** How far the body is. */
  private enum Progress {
    /** Nothing was asked for. */
    UNTOUCHED,
    /** The exchange is giving parts. */
    OPEN,
    /** The end has come, and the application does not know. */
    ENDED,
    /** The application knows that there is no more. */
    TOLD
  }

  private final Exchange exchange;
  private final Runnable broken;

  // Guarded by this.
  private Progress progress;
  private long left;
  private boolean over;
  private @Nullable CompletableFuture<ReceiveEvent> waiting;

  /**
   * The body of a request.
   *
   * @param exchange nothing has been received from
   * @param broken called at most once, when the body ends before it is complete
   */
  AsgiRequestBody(Exchange exchange, Runnable broken) {
    this.exchange = exchange;
    this.broken = broken;
    boolean present = exchange.hasBody();
    progress = present ? Progress.UNTOUCHED : Progress.ENDED;
    left = present ? exchange.environ().contentLength() : 0;
  }

  /**
   * The next event.
   *
   * @return completes when there is one
   */
  CompletionStage<ReceiveEvent> receive() {
    CompletableFuture<ReceiveEvent> next = new CompletableFuture<>();
    Progress before;
    synchronized (this) {
      if (over) {
        return CompletableFuture.completedStage(DISCONNECT);
      }
      if (waiting != null) {
        return CompletableFuture.failedStage(
            new IllegalStateException(
                "receive() was called while another call waits; call it again when that has"
                    + " completed"));
      }
      before = progress;
      if (before == Progress.ENDED) {
        progress = Progress.TOLD;
        return CompletableFuture.completedStage(END);
      }
      waiting = next;
      if (before == Progress.UNTOUCHED) {
        progress = Progress.OPEN;
      }
    }
    if (before == Progress.UNTOUCHED) {
      exchange.receive(this);
    } else if (before == Progress.OPEN) {
      exchange.resume();
    }
    return next;
  }

  @Override
  public boolean onData(byte[] bytes, int offset, int length) {
    CompletableFuture<ReceiveEvent> waiter;
    boolean last;
    synchronized (this) {
      if (over || waiting == null) {
        return false; // Nobody asks any more, and nobody will.
      }
      waiter = waiting;
      waiting = null;
      left -= length;
      last = left == 0;
      if (last) {
        progress = Progress.TOLD;
      }
    }
    ByteBuffer part = ByteBuffer.wrap(Arrays.copyOfRange(bytes, offset, offset + length));
    waiter.complete(new ReceiveEvent.HttpRequest(part, !last));
    return last; // To the container's end of the body, of which the application knows.
  }

  @Override
  public void onEnd() {
    CompletableFuture<ReceiveEvent> waiter;
    synchronized (this) {
      if (progress != Progress.OPEN || over) {
        return;
      }
      waiter = waiting;
      waiting = null;
      progress = waiter == null ? Progress.ENDED : Progress.TOLD;
    }
    if (waiter != null) {
      waiter.complete(END);
    }
  }

  @Override
  public void onError(Throwable cause) {
    synchronized (this) {
      if (over || progress == Progress.TOLD) {
        return;
      }
    }
    broken.run();
    close();
  }

  /** From now on there is nothing to receive but the disconnect. */
  void close() {
    CompletableFuture<ReceiveEvent> waiter;
    synchronized (this) {
      over = true;
      waiter = waiting;
      waiting = null;
    }
    if (waiter != null) {
      waiter.complete(DISCONNECT);
    }
  }
}
