package dev.gangway.servlet;

import dev.gangway.asgi.SendEvent;
import dev.gangway.exchange.Written;
import java.util.concurrent.CompletionStage;

/**
 * The container's side of an open WebSocket, free of the Jakarta WebSocket API, which may not be
 * there. Safe for many threads; no method blocks.
 */
interface WebSocketPeer {

  /**
   * Sends a message.
   *
   * @param message the next, when the last has been written
   * @param written told when the container has written it to the connection
   */
  void send(SendEvent.WebSocketSend message, Written written);

  /**
   * Has the container read no more frames after the one in hand. The last that the thread that
   * reads calls for that frame.
   *
   * @return false if this container does not know how to: then that thread is to wait
   */
  boolean suspend();

  /** Has the container read again. Called by another thread than that which reads. */
  void resume();

  /** Asks the client for a sign of life. */
  void ping();

  /**
   * Begins the closing handshake, and ends the connection if the client does not answer.
   *
   * @param code one that may be sent
   * @param reason at most 123 bytes in UTF-8
   * @return completes when the frame is on its way, or cannot be
   */
  CompletionStage<Void> close(int code, String reason);

  /** Ends the connection without a handshake, whatever is still to be written. */
  void abort();
}
