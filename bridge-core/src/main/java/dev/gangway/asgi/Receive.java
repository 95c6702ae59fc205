package dev.gangway.asgi;

import java.util.concurrent.CompletionStage;

/** Gives an application the events of its connection. One call at a time. */
@FunctionalInterface
public interface Receive {

  /**
   * Asks for the next event. Nothing is read from the client before it is asked for, beyond what
   * the container has buffered.
   *
   * @return completes with the event, on any thread; after a disconnect event, with that event
   *     again
   */
  CompletionStage<ReceiveEvent> receive();
}
