package dev.gangway.lint;

import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The rules of {@code receive()}. */
final class LintedReceive implements Receive {

  private final Receive server;
  private final LintedConnection connection;
  private final AsgiLint lint;
  private final AtomicBoolean waiting = new AtomicBoolean();

  LintedReceive(Receive server, LintedConnection connection, AsgiLint lint) {
    this.server = server;
    this.connection = connection;
    this.lint = lint;
  }

  @Override
  public CompletionStage<ReceiveEvent> receive() {
    if (!waiting.compareAndSet(false, true)) {
      return CompletableFuture.failedStage(
          lint.found(Rule.ASGI_ONE_AT_A_TIME.broken("receive() was called beside another.")));
    }
    CompletionStage<ReceiveEvent> next = server.receive();
    if (next == null) {
      return CompletableFuture.failedStage(
          lint.found(Rule.ASGI_RECEIVED.broken("receive() returned null.")));
    }
    return next.whenComplete((event, failure) -> waiting.set(false)).thenApply(this::checked);
  }

  private ReceiveEvent checked(ReceiveEvent event) {
    if (event == null) {
      throw lint.found(Rule.ASGI_RECEIVED.broken("There was null."));
    }
    synchronized (connection) {
      try {
        connection.received(event);
      } catch (ContractException e) {
        throw lint.found(e);
      }
    }
    return event;
  }
}
