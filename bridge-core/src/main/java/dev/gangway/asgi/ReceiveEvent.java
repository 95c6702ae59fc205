package dev.gangway.asgi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What happens on a connection. Buffers are the receiver's own. */
public sealed interface ReceiveEvent {

  /**
   * A part of a request's body (ASGI HTTP 2.5, "Request").
   *
   * @param body the part, perhaps empty
   * @param moreBody whether another part follows
   */
  record HttpRequest(ByteBuffer body, boolean moreBody) implements ReceiveEvent {}

  /** The client has left, or the response is complete (ASGI HTTP 2.5, "Disconnect"). */
  record HttpDisconnect() implements ReceiveEvent {}

  /** The client asks for the WebSocket; to be accepted, closed or denied. */
  record WebSocketConnect() implements ReceiveEvent {}

  /**
   * A message from the client (ASGI WebSocket 2.5, "Receive"). One of both is there.
   *
   * @param bytes of a binary message, or null
   * @param text of a text message, or null
   */
  record WebSocketReceive(@Nullable ByteBuffer bytes, @Nullable String text)
      implements ReceiveEvent {}

  /**
   * The WebSocket is closed, by either side (ASGI WebSocket 2.5, "Disconnect").
   *
   * @param code of the close frame; 1005 if it had none, 1006 if there was no close frame
   * @param reason of the close frame, perhaps empty
   */
  record WebSocketDisconnect(int code, String reason) implements ReceiveEvent {}

  /** The server is about to serve (ASGI Lifespan 2.0, "Startup"). */
  record LifespanStartup() implements ReceiveEvent {}

  /** The server has stopped serving (ASGI Lifespan 2.0, "Shutdown"). */
  record LifespanShutdown() implements ReceiveEvent {}
}
