package dev.gangway.lint;

import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.WebSocketScope;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rules of one WebSocket (ASGI WebSocket 2.5). */
final class LintedWebSocket extends LintedConnection {

  private static final int LONGEST_REASON = 123;

  private enum Phase {
    NEW,
    CONNECTING,
    OPEN,
    DENYING,
    CLOSED
  }

  private final WebSocketScope scope;
  private Phase phase = Phase.NEW;
  private boolean disconnected;

  LintedWebSocket(WebSocketScope scope) {
    this.scope = scope;
  }

  @Override
  void received(ReceiveEvent event) {
    boolean right;
    if (event instanceof ReceiveEvent.WebSocketConnect) {
      right = phase == Phase.NEW && !disconnected;
      phase = Phase.CONNECTING;
    } else if (event instanceof ReceiveEvent.WebSocketReceive message) {
      right = !disconnected && phase != Phase.NEW && one(message.bytes(), message.text());
    } else {
      right = event instanceof ReceiveEvent.WebSocketDisconnect;
      disconnected = true;
    }
    if (!right) {
      throw Rule.ASGI_RECEIVED.broken(
          name(event) + " came when the WebSocket was " + (disconnected ? "left" : phase) + ".");
    }
  }

  private static boolean one(@Nullable Object bytes, @Nullable Object text) {
    return (bytes == null) != (text == null);
  }

  @Override
  void sending(SendEvent event) {
    if (event instanceof SendEvent.WebSocketAccept accept) {
      require(opening(), event);
      AsgiHeadRules.check(accept.headers());
      if (accept.subprotocol() != null && !scope.subprotocols().contains(accept.subprotocol())) {
        throw Rule.ASGI_ORDER.broken(
            "The subprotocol " + accept.subprotocol() + " was not offered.");
      }
      phase = Phase.OPEN;
    } else if (event instanceof SendEvent.WebSocketSend message) {
      require(phase == Phase.OPEN, event);
      if (!one(message.bytes(), message.text())) {
        throw Rule.ASGI_MESSAGE.broken("It has both, or neither.");
      }
    } else if (event instanceof SendEvent.WebSocketClose close) {
      require(opening() || phase == Phase.OPEN, event);
      check(close);
      phase = Phase.CLOSED;
    } else if (event instanceof SendEvent.WebSocketHttpResponseStart start) {
      require(opening(), event);
      if (!scope.extensions().contains("websocket.http.response")) {
        throw Rule.ASGI_EXTENSIONS.broken("It does not offer websocket.http.response.");
      }
      AsgiHeadRules.check(start.status(), start.headers());
      phase = Phase.DENYING;
    } else if (event instanceof SendEvent.WebSocketHttpResponseBody body) {
      require(phase == Phase.DENYING, event);
      phase = body.moreBody() ? Phase.DENYING : Phase.CLOSED;
    } else {
      throw Rule.ASGI_ORDER.broken(name(event) + " has no place in a WebSocket.");
    }
  }

  private boolean opening() {
    return phase == Phase.NEW || phase == Phase.CONNECTING;
  }

  private static void check(SendEvent.WebSocketClose close) {
    int code = close.code();
    boolean registered = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
    int length = close.reason().getBytes(StandardCharsets.UTF_8).length;
    if (!(registered || (code >= 3000 && code <= 4999)) || length > LONGEST_REASON) {
      throw Rule.ASGI_MESSAGE.broken("The code is " + code + ", the reason " + length + " bytes.");
    }
  }

  private void require(boolean allowed, SendEvent event) {
    if (!allowed) {
      throw Rule.ASGI_ORDER.broken(name(event) + " came when the WebSocket was " + phase + ".");
    }
  }

  @Override
  boolean mayReturn() {
    // An application may leave an open WebSocket to the server, which closes it.
    return disconnected || phase == Phase.OPEN || phase == Phase.CLOSED;
  }

  @Override
  void left() {
    disconnected = true;
  }
}
