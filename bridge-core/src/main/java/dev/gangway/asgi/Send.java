package dev.gangway.asgi;

import java.util.concurrent.CompletionStage;

/** Takes an application's events. One call at a time: the next when the last has completed. */
@FunctionalInterface
public interface Send {

  /**
   * Sends an event.
   *
   * @param event one that the state of the connection allows
   * @return completes when the next may be sent: when the client has taken so much that memory
   *     stays bounded. Fails with {@link IllegalStateException} for an event that the state does
   *     not allow, and with {@link ClientDisconnectedException} when nobody can receive it
   */
  CompletionStage<Void> send(SendEvent event);
}
