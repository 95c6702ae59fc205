package dev.gangway.lint;

import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The rules of {@code send()}. */
final class LintedSend implements Send {

  private final Send server;
  private final LintedConnection connection;
  private final AsgiLint lint;
  private final AtomicBoolean sending = new AtomicBoolean();

  LintedSend(Send server, LintedConnection connection, AsgiLint lint) {
    this.server = server;
    this.connection = connection;
    this.lint = lint;
  }

  @Override
  public CompletionStage<Void> send(SendEvent event) {
    if (!sending.compareAndSet(false, true)) {
      return CompletableFuture.failedStage(
          lint.found(Rule.ASGI_ONE_AT_A_TIME.broken("send() was called beside another.")));
    }
    synchronized (connection) {
      try {
        connection.send(event);
      } catch (ContractException e) {
        sending.set(false);
        return CompletableFuture.failedStage(lint.found(e));
      }
    }
    CompletionStage<Void> sent = server.send(event);
    if (sent == null) {
      return CompletableFuture.failedStage(
          lint.found(Rule.ASGI_TAKEN.broken("send() returned null.")));
    }
    return sent.whenComplete((nothing, failure) -> sent(event, failure));
  }

  private void sent(SendEvent event, @Nullable Throwable failure) {
    sending.set(false);
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ClientDisconnectedException) {
      synchronized (connection) {
        connection.left();
      }
    } else if (cause != null
        && !(cause instanceof IOException && event instanceof SendEvent.HttpResponsePathsend)) {
      lint.found(
          Rule.ASGI_TAKEN.broken(LintedConnection.name(event) + " failed with " + cause + "."));
    }
  }
}
