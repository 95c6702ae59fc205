package dev.gangway.lint;

import dev.gangway.asgi.LifespanScope;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;

/** The rules of the lifespan (ASGI Lifespan 2.0). */
final class LintedLifespan extends LintedConnection {

  private boolean starting = true;
  private boolean started;
  private boolean stopping;
  private boolean over;
  private int received;

  LintedLifespan(LifespanScope scope) {
    if (scope.state() == null) {
      throw Rule.ASGI_STATE.broken("It is null.");
    }
  }

  @Override
  void received(ReceiveEvent event) {
    received++;
    boolean startup = event instanceof ReceiveEvent.LifespanStartup && received == 1;
    stopping = event instanceof ReceiveEvent.LifespanShutdown && received == 2 && started;
    if (!startup && !stopping) {
      throw Rule.ASGI_RECEIVED.broken(name(event) + " was number " + received + ".");
    }
  }

  @Override
  void sending(SendEvent event) {
    boolean allowed;
    if (event instanceof SendEvent.LifespanStartupComplete) {
      allowed = starting;
      started = true;
    } else if (event instanceof SendEvent.LifespanStartupFailed) {
      allowed = starting;
      over = true;
    } else {
      allowed =
          stopping
              && !over
              && (event instanceof SendEvent.LifespanShutdownComplete
                  || event instanceof SendEvent.LifespanShutdownFailed);
      over = true;
    }
    starting = false;
    if (!allowed) {
      throw Rule.ASGI_ORDER.broken(name(event) + " has no place there in a lifespan.");
    }
  }

  /** An application may have no lifespan, or leave it. */
  @Override
  boolean mayReturn() {
    return true;
  }

  @Override
  void left() {}
}
