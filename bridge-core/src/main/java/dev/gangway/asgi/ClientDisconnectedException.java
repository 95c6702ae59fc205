package dev.gangway.asgi;

import java.io.IOException;

/** The client has left, so that nothing can be sent to it (ASGI HTTP and WebSocket 2.4). */
public final class ClientDisconnectedException extends IOException {

  private static final long serialVersionUID = 1;

  /**
   * An exception.
   *
   * @param message how the client left
   */
  public ClientDisconnectedException(String message) {
    super(message);
  }
}
