package dev.gangway.python;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiFailure;
import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.WebSocketScope;
import dev.gangway.exchange.ClientProbe;
import dev.gangway.exchange.ProbedClient;
import dev.gangway.servlet.RequestNotes;
import dev.gangway.servlet.TraceContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request or WebSocket on its way to a worker and back: events of the client go to the
 * worker, and those of the application to the client, in both directions no more than a window at a
 * time. Safe for many threads.
 */
final class WorkerStream implements WorkerLink.Stream, Statistics.Request, RequestNotes.Source {

  /** Told what becomes of streams. */
  interface Owner {

    /** The worker has said its last word. */
    void ended(WorkerStream stream);

    /** Whether we may send files that a worker names: it reads what we do. */
    boolean mayNameFiles();
  }

  /** An event of the application and what it takes of the window; null at the end. */
  private record Outgoing(@Nullable SendEvent event, int cost) {}

  private static final Logger LOG = System.getLogger(WorkerStream.class.getName());

  /** A window of empty parts, and the events that cost nothing. */
  private static final int MOST_PENDING = StreamFrame.WINDOW / StreamFrame.MESSAGE_COST + 16;

  private final Scope scope;
  private final ConnectionScope connection;
  private final Receive receive;
  private final Send send;
  private final Owner owner;
  private final String requestId;
  private final long limit;
  private final long submitted = System.nanoTime();
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private final AtomicBoolean disconnectTold = new AtomicBoolean();
  private final ArrayDeque<Outgoing> pending = new ArrayDeque<>(); // guarded by this
  private boolean sending; // guarded by this
  private int owed; // guarded by this
  private int taken; // guarded by this
  private int underWay; // guarded by this
  private boolean pulling; // guarded by this
  private boolean told; // guarded by this: the worker knows of the stream
  private boolean departed; // guarded by this: before it did
  private volatile boolean receivesNoMore;
  private volatile boolean complete;
  private volatile boolean bodyEnded;
  private volatile long forwarded;
  private volatile boolean dropped;
  private volatile boolean answered;
  private volatile boolean timedOut;
  private volatile boolean failed;
  private volatile long begun;
  private volatile int status = 500;
  private final AtomicLong bytes = new AtomicLong();
  private long received;
  private volatile @Nullable WorkerLink link;
  private volatile int number;

  /**
   * A stream that no worker has yet.
   *
   * @param limit the most bytes of a request's body, or 0 for any number
   */
  WorkerStream(
      Scope scope,
      ConnectionScope connection,
      Receive receive,
      Send send,
      Owner owner,
      String requestId,
      long limit) {
    this.scope = scope;
    this.connection = connection;
    this.receive = receive;
    this.send = send;
    this.owner = owner;
    this.requestId = requestId;
    this.limit = limit;
    if (connection.extras().get(RequestNotes.KEY) instanceof RequestNotes notes) {
      notes.source(this);
    }
  }

  /** Completes when the application is through, or with an {@link AsgiFailure}. */
  CompletableFuture<Void> result() {
    return result;
  }

  /** Gives the stream a place in a worker; what it sends comes with {@link #begin}. */
  void place(WorkerLink worker) {
    link = worker;
    number = worker.open(this);
  }

  /** Tells the worker of the stream. */
  void begin() {
    WorkerLink worker = requireLink();
    begun = System.nanoTime();
    try {
      if (scope instanceof HttpScope http) {
        CompletableFuture<ReceiveEvent> first = receive.receive().toCompletableFuture();
        boolean more =
            !(first.isDone()
                && !first.isCompletedExceptionally()
                && first.join() instanceof ReceiveEvent.HttpRequest part
                && !part.moreBody()
                && !part.body().hasRemaining());
        bodyEnded = !more;
        worker.write(ScopeEncoder.http(number, requestId, http, more));
        told();
        if (more) {
          synchronized (this) {
            pulling = true;
          }
          await(first);
        }
      } else if (scope instanceof WebSocketScope webSocket) {
        worker.write(ScopeEncoder.webSocket(number, requestId, webSocket));
        told();
      }
    } catch (IllegalArgumentException e) {
      LOG.log(Level.WARNING, "[{0}] 400: {1}", requestId, e.getMessage());
      worker.forget(number);
      refuse(400, List.of(), String.valueOf(e.getMessage()));
      owner.ended(this);
      return;
    }
    pull();
  }

  private void told() {
    boolean gone;
    synchronized (this) {
      told = true;
      gone = departed;
    }
    if (gone) {
      disconnect(1012, "");
    }
  }

  private WorkerLink requireLink() {
    WorkerLink worker = link;
    if (worker == null) {
      throw new IllegalStateException("The stream has no worker");
    }
    return worker;
  }

  /** Ends the stream for the client before, or although, a worker has it. */
  void refuse(int errorStatus, List<Header> headers, String why) {
    status = errorStatus;
    dropped = true;
    receivesNoMore = true;
    result.completeExceptionally(new AsgiFailure(errorStatus, headers, why));
  }

  // From the client to the worker.

  private void pull() {
    while (true) {
      synchronized (this) {
        if (pulling || receivesNoMore || underWay >= StreamFrame.WINDOW) {
          return;
        }
        pulling = true;
      }
      CompletableFuture<ReceiveEvent> next = receive.receive().toCompletableFuture();
      if (!next.isDone()) {
        await(next);
        return;
      }
      received(next);
    }
  }

  private void await(CompletableFuture<ReceiveEvent> next) {
    CompletableFuture<?> unused =
        next.whenComplete(
            (event, failure) -> {
              received(next);
              pull();
            });
  }

  private void received(CompletableFuture<ReceiveEvent> next) {
    try {
      if (next.isCompletedExceptionally()) {
        disconnect(1006, "");
      } else {
        forward(next.join());
      }
    } finally {
      synchronized (this) {
        pulling = false;
      }
    }
  }

  /** Before the worker can grant it back. */
  private synchronized void spend(int cost) {
    underWay += cost;
  }

  private void forward(ReceiveEvent event) {
    WorkerLink worker = requireLink();
    if (event instanceof ReceiveEvent.HttpRequest part) {
      int size = part.body().remaining();
      received += size;
      if (limit > 0 && received > limit) {
        fail(413, "The body has more than " + limit + " bytes", "the body is too large");
        return;
      }
      spend(size);
      forwarded = System.nanoTime();
      bodyEnded = !part.moreBody();
      worker.write(
          StreamFrame.allocate(StreamFrame.BODY, number, 1 + size)
              .put((byte) (part.moreBody() ? 1 : 0))
              .put(part.body().duplicate())
              .flip());
    } else if (event instanceof ReceiveEvent.WebSocketReceive message) {
      ByteBuffer binary = message.bytes();
      String text = message.text();
      if (binary != null) {
        int size = binary.remaining();
        spend(size + StreamFrame.MESSAGE_COST);
        worker.write(
            StreamFrame.allocate(StreamFrame.BINARY, number, size).put(binary.duplicate()).flip());
        return;
      }
      byte[] utf8 = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
      spend(utf8.length + StreamFrame.MESSAGE_COST);
      worker.write(StreamFrame.of(StreamFrame.TEXT, number, utf8));
    } else if (event instanceof ReceiveEvent.WebSocketDisconnect end) {
      disconnect(end.code(), end.reason());
    } else if (event instanceof ReceiveEvent.HttpDisconnect) {
      disconnect(0, "");
    }
    // websocket.connect comes from the worker itself
  }

  /** Tells the application that the client has left, or is to be taken for one that has. */
  void disconnect(int code, String reason) {
    receivesNoMore = true;
    synchronized (this) {
      if (!told) {
        departed = true;
        return;
      }
    }
    WorkerLink worker = link;
    if (worker != null
        && !complete
        && !result.isDone()
        && disconnectTold.compareAndSet(false, true)) {
      byte[] words = reason.getBytes(StandardCharsets.UTF_8);
      worker.write(
          StreamFrame.allocate(StreamFrame.DISCONNECT, number, 2 + words.length)
              .putShort((short) code)
              .put(words)
              .flip());
    }
  }

  /** Closes a WebSocket on the server's behalf; an HTTP request goes on. */
  void goAway() {
    if (scope instanceof WebSocketScope && !dropped) {
      enqueue(new SendEvent.WebSocketClose(1012, "The server restarts"), 0);
      dropped = true;
      disconnect(1012, "The server restarts");
    }
  }

  // From the worker to the client.

  @Override
  public void frame(int kind, ByteBuffer payload) throws IOException {
    switch (kind) {
      case StreamFrame.GRANT -> {
        int granted = payload.getInt();
        synchronized (this) {
          if (granted < 0 || granted > underWay) {
            throw new ProtocolException("it has taken " + granted + " bytes of " + underWay);
          }
          underWay -= granted;
        }
        pull();
      }
      case StreamFrame.DONE -> {
        failed = payload.get() != 0;
        owner.ended(this); // before: what is not in hand any more has been counted
        requireLink().forget(number);
        enqueue(null, 0);
      }
      default -> {
        if (kind == StreamFrame.RESPONSE) {
          int length = payload.getInt();
          if (length < 0 || length > payload.remaining()) {
            throw new ProtocolException("the head's length is outside of its payload");
          }
          SendEvent start = StreamEvents.start(StreamEvents.bytes(payload, length), false);
          note(start);
          complete = true;
          int size = payload.remaining();
          if (size > StreamFrame.PART_SIZE) {
            throw new ProtocolException("it sent a part of " + size + " bytes");
          }
          ByteBuffer body = StreamEvents.copy(payload);
          enqueue(start, 0);
          enqueue(new SendEvent.HttpResponseBody(body, false), 0);
          bytes.addAndGet(size);
        } else {
          int cost = StreamEvents.cost(kind, payload);
          SendEvent event = StreamEvents.read(kind, payload);
          take(cost);
          if (event instanceof SendEvent.HttpResponsePathsend && !owner.mayNameFiles()) {
            throw new ProtocolException("it named a file, although it is another user");
          }
          note(event);
          if (event instanceof SendEvent.HttpResponseBody part) {
            bytes.addAndGet(part.body().remaining());
            complete = !part.moreBody();
          }
          enqueue(event, cost);
        }
      }
    }
  }

  /** A worker sends nothing more while a window of it is under way. */
  private void take(int cost) throws IOException {
    synchronized (this) {
      if (taken >= StreamFrame.WINDOW || pending.size() > MOST_PENDING) {
        throw new ProtocolException("it sent more than the window of a stream");
      }
      taken += cost;
    }
  }

  private void note(SendEvent event) {
    if (event instanceof SendEvent.HttpResponseStart start) {
      status = start.status();
    } else if (event instanceof SendEvent.WebSocketAccept) {
      status = 101;
    } else if (event instanceof SendEvent.WebSocketHttpResponseStart denial) {
      status = denial.status();
    } else if (event instanceof SendEvent.WebSocketClose && !answered) {
      status = 403;
    }
    answered = true;
  }

  private void enqueue(@Nullable SendEvent event, int cost) {
    if (dropped && event != null) {
      credit(cost);
      return;
    }
    synchronized (this) {
      pending.add(new Outgoing(event, cost));
      if (sending) {
        return;
      }
      sending = true;
    }
    sendPending();
  }

  private void sendPending() {
    while (true) {
      Outgoing next;
      synchronized (this) {
        next = pending.poll();
        if (next == null) {
          sending = false;
          return;
        }
      }
      SendEvent event = next.event();
      if (event == null) {
        complete();
        continue;
      }
      if (dropped && !(event instanceof SendEvent.WebSocketClose)) {
        credit(next.cost());
        continue;
      }
      CompletableFuture<Void> sent = send.send(event).toCompletableFuture();
      if (sent.isDone() && !sent.isCompletedExceptionally()) {
        sent(next, null);
        continue;
      }
      CompletableFuture<?> unused =
          sent.whenComplete(
              (done, failure) -> {
                sent(next, failure);
                sendPending();
              });
      return;
    }
  }

  private void sent(Outgoing what, @Nullable Throwable thrown) {
    credit(what.cost());
    Throwable failure = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    if (failure instanceof ClientDisconnectedException) {
      dropped = true;
      disconnect(1006, "");
    } else if (failure != null && !dropped) {
      String why = String.valueOf(failure.getMessage());
      LOG.log(Level.ERROR, "[{0}] {1} failed: {2}", requestId, describe(), why);
      fail(500, why, why);
    }
  }

  /** Ends the stream for the client, and cancels what the worker does for it. */
  private void fail(int errorStatus, String why, String toWorker) {
    refuse(errorStatus, List.of(), why);
    cancel(toWorker);
  }

  private void cancel(String why) {
    requireLink()
        .write(StreamFrame.of(StreamFrame.CANCEL, number, why.getBytes(StandardCharsets.UTF_8)));
  }

  private void credit(int cost) {
    int grant = 0;
    synchronized (this) {
      owed += cost;
      if (owed >= StreamFrame.WINDOW / 2) {
        grant = owed;
        taken -= owed;
        owed = 0;
      }
    }
    if (grant > 0) {
      requireLink().write(StreamFrame.of(StreamFrame.CREDIT, number, grant));
    }
  }

  private void complete() {
    receivesNoMore = true;
    if (failed) {
      result.completeExceptionally(
          new AsgiFailure(500, List.of(), "The application failed, as the log says"));
    } else {
      result.complete(null);
    }
  }

  @Override
  public void lost(String how) {
    if (!result.isDone()) {
      LOG.log(
          Level.ERROR,
          "[{0}] 502 for {1}: worker {2} {3}",
          requestId,
          describe(),
          requireLink().worker(),
          how);
      refuse(502, List.of(), "The worker " + how + " while it answered");
    }
  }

  /** For how long the application has not begun to answer, in nanoseconds. */
  long silentFor(long now) {
    long since = Math.max(begun, forwarded);
    boolean waitsForClient;
    synchronized (this) {
      waitsForClient = !bodyEnded && pulling;
    }
    return begun == 0
            || answered
            || dropped
            || waitsForClient
            || scope instanceof WebSocketScope
            || disconnectTold.get()
        ? 0
        : now - since;
  }

  /** Has a request that takes long looked after, whose client may have left unnoticed. */
  void look(ClientProbe probe, long before) {
    if (!receivesNoMore && begun - before < 0 && receive instanceof ProbedClient client) {
      client.isClientGone(probe); // then the next event is the disconnect
    }
  }

  /** Answers for an application that does not; it is cancelled. */
  void timeOut() {
    timedOut = true;
    fail(504, "The application did not answer in time", "it has not answered in time");
  }

  String describe() {
    return method() + " " + target();
  }

  int worker() {
    WorkerLink worker = link;
    return worker == null ? -1 : worker.worker();
  }

  @Override
  public String method() {
    return scope instanceof HttpScope http ? http.method() : "GET";
  }

  @Override
  public String target() {
    return connection.queryString().isEmpty()
        ? connection.rawPath()
        : connection.rawPath() + "?" + connection.queryString();
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public @Nullable String traceId() {
    for (Header header : connection.headers()) {
      if (header.name().equals("traceparent")) {
        return TraceContext.traceId(header.value());
      }
    }
    return null;
  }

  @Override
  public long workerPid() {
    WorkerLink worker = link;
    return worker == null ? -1 : worker.pid();
  }

  @Override
  public long queueNanos() {
    long since = begun;
    return since == 0 ? -1 : since - submitted;
  }

  /** There is no environ; the access log asks for what proxies have told. */
  @Override
  public @Nullable String variable(String name) {
    return switch (name) {
      case "REMOTE_ADDR" -> connection.client() == null ? null : connection.client().host();
      case "REMOTE_USER" ->
          connection.extras().get("gangway.remote_user") instanceof String user ? user : null;
      default -> null;
    };
  }

  @Override
  public long submitted() {
    return submitted;
  }

  /** When a worker was told of it, in {@link System#nanoTime()}. */
  long begun() {
    return begun;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public boolean timedOut() {
    return timedOut;
  }
}
