package dev.gangway.servlet;

import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.exchange.Written;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an application has sent and the client has not got, one event at a time. */
final class PendingSend implements Written {

  private @Nullable CompletableFuture<Void> pending; // guarded by this

  /**
   * Begins to wait.
   *
   * @return completes when {@link #done} is told
   */
  CompletionStage<Void> begin() {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    synchronized (this) {
      pending = sent;
    }
    return sent;
  }

  /**
   * Whether an event is on its way.
   *
   * @return true until {@link #done} is told
   */
  synchronized boolean isWaiting() {
    return pending != null;
  }

  @Override
  public void done(@Nullable Throwable failure) {
    CompletableFuture<Void> sent;
    synchronized (this) {
      sent = pending;
      pending = null;
    }
    if (sent != null) {
      if (failure == null) {
        sent.complete(null);
      } else {
        sent.completeExceptionally(left(failure));
      }
    }
  }

  /**
   * The failure of whoever sends to nobody.
   *
   * @param cause what the container says, or null
   * @return to be thrown
   */
  static ClientDisconnectedException left(@Nullable Throwable cause) {
    ClientDisconnectedException left =
        new ClientDisconnectedException("The client has left: nothing can be sent to it");
    if (cause != null) {
      left.initCause(cause);
    }
    return left;
  }
}
