package dev.gangway.servlet;

import dev.gangway.asgi.SendEvent;
import dev.gangway.exchange.Written;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A session of Jakarta WebSocket. */
final class JakartaWebSocketPeer implements WebSocketPeer {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  /** How long a client may take for its part of the closing handshake; milliseconds. */
  private static final long CLOSE_TIMEOUT = 10_000;

  private static final List<WebSocketSupport> SUPPORTS = load();

  private final Session session;
  private final @Nullable WebSocketSupport support;

  JakartaWebSocketPeer(Session session) {
    this.session = session;
    support = supportOf(session);
  }

  private static List<WebSocketSupport> load() {
    return ServiceLoader.load(WebSocketSupport.class, WebSocketSupport.class.getClassLoader())
        .stream()
        .map(JakartaWebSocketPeer::create)
        .filter(Objects::nonNull)
        .toList();
  }

  private static @Nullable WebSocketSupport create(
      ServiceLoader.Provider<WebSocketSupport> provider) {
    try {
      return provider.get();
    } catch (ServiceConfigurationError | LinkageError e) {
      LOGGER.log(Level.DEBUG, "A support for WebSockets of another container is left out", e);
      return null;
    }
  }

  private static @Nullable WebSocketSupport supportOf(Session session) {
    for (WebSocketSupport support : SUPPORTS) {
      if (support.supports(session)) {
        return support;
      }
    }
    return null;
  }

  @Override
  public void send(SendEvent.WebSocketSend message, Written written) {
    SendHandler handler =
        result ->
            written.done(
                result.isOK()
                    ? null
                    : Objects.requireNonNullElseGet(
                        result.getException(), () -> new IOException("The container gives none")));
    try {
      String text = message.text();
      ByteBuffer bytes = message.bytes();
      if (text != null) {
        session.getAsyncRemote().sendText(text, handler);
      } else if (bytes != null) {
        session.getAsyncRemote().sendBinary(bytes.duplicate(), handler);
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      written.done(e);
    }
  }

  @Override
  public boolean suspend() {
    return support != null && support.suspend(session);
  }

  @Override
  public void resume() {
    if (support != null) {
      support.resume(session);
    }
  }

  @Override
  public void ping() {
    if (support == null || !support.ping(session)) {
      WebSocketThreads.execute(this::pingBlocking);
    }
  }

  private void pingBlocking() {
    try {
      session.getBasicRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | IllegalStateException e) {
      LOGGER.log(Level.DEBUG, "A ping cannot be sent", e);
    }
  }

  @Override
  public CompletionStage<Void> close(int code, String reason) {
    return WebSocketThreads.execute(() -> closeBlocking(code, reason));
  }

  private void closeBlocking(int code, String reason) {
    try {
      session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
      // Nobody watches over it any more.
      session.setMaxIdleTimeout(CLOSE_TIMEOUT);
    } catch (IOException | IllegalStateException e) {
      LOGGER.log(Level.DEBUG, "A WebSocket was closed already", e);
    }
  }

  @Override
  public void abort() {
    if (support == null || !support.abort(session)) {
      close(CloseReason.CloseCodes.UNEXPECTED_CONDITION.getCode(), "");
    }
  }
}
