package dev.gangway.servlet;

import dev.gangway.asgi.ReceiveEvent;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;

/** Where a container delivers what comes from a client. Public because containers ask for it. */
@SuppressWarnings("exports") // of modules that only those need who have them
public final class WebSocketEndpoint extends Endpoint {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  /** As Uvicorn's {@code ws_max_size}. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final long BLOCKING_SEND_MILLIS = 5000;
  private static final long CLOSE_MILLIS = 10_000;

  /**
   * For a close frame of another code than 1000, which Tomcat gives up after 50 ms, also on a busy
   * machine whose client does read. A client that does not read holds a thread for so long.
   */
  private static final long CLOSE_SEND_MILLIS = 1000;

  private final WebSocketConnection connection;

  WebSocketEndpoint(WebSocketConnection connection) {
    this.connection = connection;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    // Pings watch over it.
    session.setMaxIdleTimeout(0);
    // What Tomcat waits at most, other containers ignore it.
    session
        .getUserProperties()
        .put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", BLOCKING_SEND_MILLIS);
    session
        .getUserProperties()
        .put("org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT", CLOSE_MILLIS);
    session
        .getUserProperties()
        .put("org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT", CLOSE_SEND_MILLIS);
    WebSocketPeer peer = new JakartaWebSocketPeer(session);
    WebSocketParts parts = new WebSocketParts(MOST_BYTES, new Messages());
    session.addMessageHandler(
        String.class,
        (MessageHandler.Partial<String>)
            (part, last) -> {
              connection.heard();
              parts.text(part, last);
            });
    session.addMessageHandler(
        ByteBuffer.class,
        (MessageHandler.Partial<ByteBuffer>)
            (part, last) -> {
              connection.heard();
              parts.bytes(part, last);
            });
    session.addMessageHandler(
        PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> connection.heard());
    connection.opened(peer);
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    String phrase = reason.getReasonPhrase();
    connection.closed(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
  }

  @Override
  public void onError(Session session, Throwable failure) {
    // A close follows.
    LOGGER.log(Level.DEBUG, "The container reports an error of a WebSocket", failure);
  }

  private final class Messages implements WebSocketParts.Receiver {

    @Override
    public void message(ReceiveEvent.WebSocketReceive message, int size) {
      if (!connection.message(message, size)) {
        connection.close(1013, "The application does not receive");
      }
    }

    @Override
    public void tooLarge() {
      connection.close(1009, "A message may have " + MOST_BYTES + " bytes");
    }
  }
}
