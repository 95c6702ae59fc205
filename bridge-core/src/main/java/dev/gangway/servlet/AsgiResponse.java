package dev.gangway.servlet;

import dev.gangway.Header;
import dev.gangway.ResponseHead;
import dev.gangway.asgi.SendEvent;
import dev.gangway.exchange.Exchange;
import dev.gangway.servlet.AsgiResponseState.Event;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an ASGI application sends for one request (ASGI HTTP 2.5, "Response Start" and the events
 * after it). The application's calls come one at a time, from any thread; the exchange's come
 * beside them.
 */
final class AsgiResponse {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private static final byte[] NOTHING = new byte[0];

  private final Exchange exchange;
  private final Runnable completed;
  private final AsgiExtensions extensions;
  private final boolean toHead;

  private AsgiResponseState state = AsgiResponseState.NEW;
  private @Nullable ResponseHead head;
  private boolean close;
  private boolean trailing;
  private boolean silent;

  /** Number of bytes that may be sent; without a declared length, as many as there are. */
  private long left = Long.MAX_VALUE;

  private volatile boolean gone;
  private final PendingSend pending = new PendingSend();

  /**
   * A response that has not begun.
   *
   * @param exchange not started
   * @param extensions of this request
   * @param completed called when the response has been handed over as a whole
   */
  AsgiResponse(Exchange exchange, AsgiExtensions extensions, Runnable completed) {
    this.exchange = exchange;
    this.extensions = extensions;
    this.completed = completed;
    toHead = exchange.environ().requestMethod().equals("HEAD");
  }

  /**
   * Takes an event.
   *
   * @param event of the application
   * @return as {@link dev.gangway.asgi.Send#send} has it
   */
  CompletionStage<Void> send(SendEvent event) {
    try {
      if (gone) {
        throw PendingSend.left(null);
      }
      if (pending.isWaiting()) {
        throw new IllegalStateException(
            "send() was called while another call waits; call it again when that has completed");
      }
      if (event instanceof SendEvent.HttpResponseBody body) {
        return body(body);
      }
      if (event instanceof SendEvent.HttpResponseStart start) {
        start(start);
      } else if (event instanceof SendEvent.HttpResponsePathsend pathsend) {
        return file(pathsend.path());
      } else if (event instanceof SendEvent.HttpResponseTrailers fields) {
        trailers(fields);
      } else if (event instanceof SendEvent.HttpResponseEarlyHint hint) {
        state.after(Event.HINT);
        return extensions.hint(hint.links());
      } else {
        throw new IllegalStateException(state.mistake(event.getClass().getSimpleName()));
      }
      return CompletableFuture.completedStage(null);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void start(SendEvent.HttpResponseStart event) {
    AsgiResponseState next = state.after(Event.START);
    List<Header> fields = event.headers();
    boolean special = ConnectionHeaders.areIn(fields);
    ResponseHead checked =
        ResponseHead.of(event.status(), "", special ? ConnectionHeaders.without(fields) : fields);
    if (event.trailers()) {
      extensions.checkTrailers(checked.contentLength() >= 0);
    }
    close = special && extensions.isHttp1() && ConnectionHeaders.close(fields);
    head = checked;
    trailing = event.trailers();
    silent = toHead || !checked.allowsBody();
    if (!silent && checked.contentLength() >= 0) {
      left = checked.contentLength();
    }
    state = next;
  }

  private CompletionStage<Void> body(SendEvent.HttpResponseBody event) {
    boolean last = !event.moreBody();
    AsgiResponseState next = state.after(last ? lastEvent() : Event.PART);
    boolean first = state == AsgiResponseState.READY;
    ByteBuffer body = event.body();
    int length = allowed(body.remaining());
    if (last && left > length && left != Long.MAX_VALUE) {
      throw tooShort(left - length);
    }
    if (first) {
      begin(-1);
    }
    left -= left == Long.MAX_VALUE ? 0 : length;
    state = next;
    byte[] bytes = NOTHING;
    int offset = 0;
    if (length > 0) {
      if (body.hasArray()) {
        bytes = body.array();
        offset = body.arrayOffset() + body.position();
      } else {
        bytes = new byte[length];
        body.get(body.position(), bytes);
      }
    }
    if (next == AsgiResponseState.COMPLETE) {
      exchange.complete(bytes, offset, length);
      completed.run();
      return CompletableFuture.completedStage(null);
    }
    // The first event lets the head leave, also without a byte.
    return first || length > 0
        ? write(bytes, offset, length)
        : CompletableFuture.completedStage(null);
  }

  private Event lastEvent() {
    return trailing ? Event.LAST_THEN_TRAILERS : Event.LAST;
  }

  /** How much of the next bytes may be sent. */
  private int allowed(int count) {
    if (silent) {
      return 0;
    }
    if (count > left) {
      LOGGER.log(
          Level.WARNING,
          "The body of {0} is longer than its Content-Length, the rest is cut off",
          exchange.environ().get("REQUEST_URI"));
      return (int) left;
    }
    return count;
  }

  private static IllegalStateException tooShort(long missing) {
    return new IllegalStateException(
        "The body is " + missing + " bytes shorter than its Content-Length");
  }

  /** Sets the head; a length if it is not -1. */
  private void begin(long length) {
    ResponseHead ready = Objects.requireNonNull(head, "a READY response has a head");
    List<Header> headers = ready.headers();
    if (close || length >= 0) {
      headers = new ArrayList<>(headers);
      if (close) {
        headers.add(ConnectionHeaders.CLOSE);
      }
      if (length >= 0) {
        headers.add(new Header("content-length", Long.toString(length)));
      }
    }
    exchange.start(ready.status(), ready.reason(), headers);
    if (trailing) {
      extensions.promiseTrailers();
    }
  }

  private CompletionStage<Void> write(byte[] bytes, int offset, int length) {
    CompletionStage<Void> sent = pending.begin();
    exchange.write(bytes, offset, length, pending);
    return sent;
  }

  private CompletionStage<Void> file(Path path) throws IOException {
    AsgiResponseState next = state.after(lastEvent());
    if (state != AsgiResponseState.READY) {
      throw new IllegalStateException(state.mistake("http.response.pathsend"));
    }
    if (!path.isAbsolute()) {
      throw new IllegalStateException(
          "http.response.pathsend has the path " + path + ", which must be absolute");
    }
    if (trailing) {
      throw new IllegalStateException("A response that is a file cannot have trailers");
    }
    long size = Files.size(path);
    ResponseHead ready = Objects.requireNonNull(head, "a READY response has a head");
    long declared = ready.contentLength();
    if (!silent && declared > size) {
      throw tooShort(declared - size);
    }
    begin(declared < 0 && ready.allowsBody() ? size : -1);
    state = next;
    CompletionStage<Void> sent = pending.begin();
    if (silent || size == 0 || declared == 0) {
      exchange.complete(NOTHING, 0, 0);
      pending.done(null);
    } else {
      exchange.complete(path, 0, declared < 0 ? size : declared, pending);
    }
    completed.run();
    return sent;
  }

  private void trailers(SendEvent.HttpResponseTrailers event) {
    AsgiResponseState next =
        state.after(event.moreTrailers() ? Event.TRAILERS : Event.LAST_TRAILERS);
    event.headers().forEach(ResponseHead::checkHeader);
    extensions.addTrailers(event.headers());
    state = next;
    if (next == AsgiResponseState.COMPLETE) {
      exchange.complete(NOTHING, 0, 0);
      completed.run();
    }
  }

  /** From now on nothing can be sent. */
  void disconnect() {
    gone = true;
    pending.done(new IOException("The client left"));
  }

  /**
   * How far the response is. To be called when the application sends no more.
   *
   * @return the state
   */
  AsgiResponseState state() {
    return state;
  }
}
