package dev.gangway.servlet;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiFailure;
import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.WebSocketScope;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket as its application sees it (ASGI WebSocket 2.5).
 *
 * <p>Threading: the application, the container and the timer call from any thread; what they call
 * for is done by tasks, one at a time, and only tasks touch the fields that are not final or
 * volatile. Nothing blocks, except the reading thread of a container that cannot stop reading.
 */
final class WebSocketConnection implements Receive, Send {

  /** How far it has come. */
  private enum State {
    /** The application has not decided. */
    CONNECTING("before it is accepted"),
    /** The application answers with a response. */
    DENYING("while it is denied with a response"),
    /** The container upgrades the connection. */
    ACCEPTING("before the handshake is complete"),
    OPEN("while it is open"),
    /** The application has closed or denied it. */
    CLOSING("after it was closed or denied"),
    CLOSED("after it was closed");

    private final String when;

    State(String when) {
      this.when = when;
    }
  }

  private record Sending(SendEvent event, CompletableFuture<Void> sent) {}

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private final WebSocketScope scope;
  private final String request;
  private final WebSocketTimes times;
  private final Consumer<WebSocketConnection> onEnd;
  private final WebSocketHandshake handshake = new WebSocketHandshake();
  private final WebSocketInbox inbox = new WebSocketInbox();
  private final WebSocketPings pings;
  private final TaskQueue tasks = new TaskQueue();
  private final Deque<Sending> outgoing = new ArrayDeque<>();
  private State state = State.CONNECTING;
  private @Nullable Sending inHand;
  private @Nullable CompletableFuture<ReceiveEvent> waiting;
  private boolean connectTold;
  private WebSocketHandshake.@Nullable Head denial;
  private ReceiveEvent.@Nullable WebSocketDisconnect end;
  private boolean left;

  /** Of a server that stops, if the handshake was in hand then. */
  private @Nullable CompletableFuture<Void> closing;

  private volatile @Nullable WebSocketPeer peer;

  /**
   * A WebSocket that is asked for.
   *
   * @param scope what is known of it
   * @param request for messages in the log
   * @param times how long it waits
   * @param onEnd told when it is over
   */
  WebSocketConnection(
      WebSocketScope scope,
      String request,
      WebSocketTimes times,
      Consumer<WebSocketConnection> onEnd) {
    this.scope = scope;
    this.request = request;
    this.times = times;
    this.pings = new WebSocketPings(inbox, times.pings(), this::lost);
    this.onEnd = onEnd;
  }

  WebSocketHandshake handshake() {
    return handshake;
  }

  /** Calls the application. */
  void start(AsgiApplication application) {
    try {
      application
          .call(scope, this, this)
          .whenComplete((done, failure) -> tasks.run(() -> applicationEnded(failure)));
    } catch (Exception e) {
      tasks.run(() -> applicationEnded(e));
    }
  }

  @Override
  public CompletionStage<ReceiveEvent> receive() {
    CompletableFuture<ReceiveEvent> received = new CompletableFuture<>();
    tasks.run(
        () -> {
          if (waiting != null && !waiting.isDone()) {
            received.completeExceptionally(
                new IllegalStateException("Another receive is waiting; await that one first"));
          } else {
            waiting = received;
            deliver();
          }
        });
    return received;
  }

  private void deliver() {
    CompletableFuture<ReceiveEvent> received = waiting;
    if (received == null) {
      return;
    }
    ReceiveEvent event;
    if (!connectTold) {
      connectTold = true;
      event = new ReceiveEvent.WebSocketConnect();
    } else {
      event = inbox.poll();
      if (event == null) {
        event = end;
      }
    }
    if (event != null) {
      waiting = null;
      received.complete(event);
    }
  }

  @Override
  public CompletionStage<Void> send(SendEvent event) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    tasks.run(
        () -> {
          outgoing.add(new Sending(event, sent));
          sendNext();
        });
    return sent;
  }

  private void sendNext() {
    while (inHand == null && !outgoing.isEmpty()) {
      Sending next = outgoing.remove();
      inHand = next;
      try {
        WebSocketRules.check(next.event, scope.subprotocols());
        begin(next);
      } catch (IllegalStateException | IllegalArgumentException e) {
        finish(next, e);
      }
    }
  }

  private void begin(Sending next) {
    SendEvent event = next.event;
    WebSocketPeer open = peer;
    if (state == State.CLOSED && left) {
      finish(next, disconnected());
    } else if (state == State.CONNECTING && event instanceof SendEvent.WebSocketAccept accept) {
      state = State.ACCEPTING; // and the next event waits until it is open
      handshake.decide(new WebSocketHandshake.Accept(accept.subprotocol(), accept.headers()));
    } else if (state == State.CONNECTING && event instanceof SendEvent.WebSocketClose) {
      handshake.decide(new WebSocketHandshake.Refuse(403));
      denied(next);
    } else if (state == State.CONNECTING
        && event instanceof SendEvent.WebSocketHttpResponseStart start) {
      state = State.DENYING;
      denial = new WebSocketHandshake.Head(start.status(), start.headers());
      finish(next, null);
    } else if (state == State.DENYING
        && event instanceof SendEvent.WebSocketHttpResponseBody part) {
      handshake.decide(
          new WebSocketHandshake.Denial(
              denial, part.body(), !part.moreBody(), failure -> written(next, failure)));
      denial = null;
    } else if (state == State.OPEN
        && open != null
        && event instanceof SendEvent.WebSocketSend message) {
      pings.sending(true);
      open.send(message, failure -> written(next, failure));
    } else if (state == State.OPEN
        && open != null
        && event instanceof SendEvent.WebSocketClose close) {
      state = State.CLOSING;
      inbox.discard();
      open.close(close.code(), close.reason());
      finish(next, null);
    } else {
      throw new IllegalStateException(
          "An application cannot send " + WebSocketRules.name(event) + " " + state.when);
    }
  }

  private void denied(Sending last) {
    state = State.CLOSING;
    finish(last, null);
    end(1006, "", false);
  }

  private void written(Sending sending, @Nullable Throwable failure) {
    tasks.run(
        () -> {
          if (inHand == null || inHand.sent != sending.sent) {
            return;
          }
          pings.sending(false);
          if (failure != null) {
            LOGGER.log(Level.DEBUG, "The client left during " + request, failure);
            abort();
          } else if (sending.event instanceof SendEvent.WebSocketHttpResponseBody part
              && !part.moreBody()) {
            denied(sending);
          } else {
            finish(sending, null);
            sendNext();
          }
        });
  }

  private void finish(Sending sending, @Nullable Throwable failure) {
    inHand = null;
    if (failure == null) {
      sending.sent.complete(null);
    } else {
      sending.sent.completeExceptionally(failure);
    }
  }

  /**
   * The handshake is complete.
   *
   * @param opened before its first message, on the container's thread
   */
  void opened(WebSocketPeer opened) {
    peer = opened;
    inbox.attach(opened);
    tasks.run(
        () -> {
          if (state != State.ACCEPTING || inHand == null) {
            opened.close(1012, "").whenComplete((done, failure) -> closingIsOver());
            return;
          }
          state = State.OPEN;
          pings.start(opened);
          finish(inHand, null);
          sendNext();
        });
  }

  /** There will be no WebSocket: the application was too slow, or the container did not upgrade. */
  void failed() {
    tasks.run(
        () -> {
          closingIsOver();
          end(1006, "", true);
        });
  }

  private void closingIsOver() {
    CompletableFuture<Void> told = closing;
    if (told != null) {
      told.complete(null);
    }
  }

  /**
   * A message from the client.
   *
   * @param message the application's own
   * @param size in bytes
   * @return false if it is not to be read any further
   */
  boolean message(ReceiveEvent.WebSocketReceive message, int size) {
    inbox.add(message, size);
    tasks.run(this::deliver);
    if (inbox.suspendIfFull()) {
      return true;
    }
    try {
      return inbox.awaitRoom(times.behind());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The client shows that it is there. */
  void heard() {
    pings.heard();
  }

  /**
   * The server closes it for a reason of its own.
   *
   * @param code of the close frame, and of the disconnect event
   * @param reason of both
   * @return completes when the frame is on its way, or cannot be
   */
  CompletionStage<Void> close(int code, String reason) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    tasks.run(
        () -> {
          if (state == State.CONNECTING) {
            handshake.decide(new WebSocketHandshake.Refuse(503));
          }
          WebSocketPeer open = peer;
          if (open != null && state == State.OPEN) {
            open.close(code, reason).whenComplete((done, failure) -> closed.complete(null));
          } else if (state == State.ACCEPTING) {
            closing = closed; // the container tells how the handshake ends
          } else {
            closed.complete(null);
          }
          end(code, reason, true);
        });
    return closed;
  }

  /**
   * It is closed.
   *
   * @param code of the close frame
   * @param reason of the close frame
   */
  void closed(int code, String reason) {
    tasks.run(() -> end(code, reason, state != State.CLOSING));
  }

  private void lost() {
    tasks.run(
        () -> {
          if (state != State.CLOSED) {
            LOGGER.log(Level.DEBUG, "The client of " + request + " does not answer pings");
            abort();
          }
        });
  }

  private void abort() {
    WebSocketPeer open = peer;
    if (open != null) {
      open.abort();
    }
    end(1006, "", true);
  }

  private void end(int code, String reason, boolean clientLeft) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    left = clientLeft;
    end = new ReceiveEvent.WebSocketDisconnect(code, reason);
    pings.stop();
    onEnd.accept(this);
    if (inHand != null) {
      finish(inHand, disconnected());
    }
    sendNext();
    deliver();
  }

  private static ClientDisconnectedException disconnected() {
    return new ClientDisconnectedException("The WebSocket is closed");
  }

  private void applicationEnded(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause != null
        && !(cause instanceof ClientDisconnectedException)
        && !(cause instanceof AsgiFailure)) {
      LOGGER.log(Level.ERROR, "The application failed on the WebSocket " + request, cause);
    }
    inbox.discard();
    switch (state) {
      case CONNECTING -> {
        if (cause == null) {
          LOGGER.log(
              Level.ERROR, "The application neither accepted nor closed the WebSocket " + request);
        }
        int status = cause instanceof AsgiFailure logged ? logged.status() : 500;
        handshake.decide(new WebSocketHandshake.Refuse(status));
        end(1006, "", false);
      }
      case DENYING -> {
        handshake.decide(
            denial == null
                ? new WebSocketHandshake.BreakOff()
                : new WebSocketHandshake.Refuse(500));
        end(1006, "", false);
      }
      case ACCEPTING, OPEN -> {
        // After what it has sent without waiting.
        outgoing.add(
            new Sending(
                new SendEvent.WebSocketClose(cause == null ? 1000 : 1011, ""),
                new CompletableFuture<>()));
        sendNext();
      }
      case CLOSING, CLOSED -> {}
    }
  }
}
