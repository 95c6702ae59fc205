package dev.gangway.lint;

import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;

/**
 * The rules of one kind of connection. Whoever calls holds the connection's lock; every method
 * throws a {@link ContractException} for a breach.
 */
abstract class LintedConnection {

  private boolean returned;

  /** Checks what the server gives. */
  abstract void received(ReceiveEvent event);

  /** Checks what the application is about to send. */
  abstract void sending(SendEvent event);

  /** Whether the application may return now without a failure. */
  abstract boolean mayReturn();

  /** The client has left, as the server says by refusing an event. */
  abstract void left();

  final void send(SendEvent event) {
    if (returned) {
      throw Rule.ASGI_ORDER.broken(name(event) + " came after the application had returned.");
    }
    sending(event);
  }

  final void returned(boolean failed) {
    returned = true;
    if (!failed && !mayReturn()) {
      throw Rule.ASGI_END.broken("It completed before.");
    }
  }

  static String name(Object event) {
    return event.getClass().getSimpleName();
  }
}
