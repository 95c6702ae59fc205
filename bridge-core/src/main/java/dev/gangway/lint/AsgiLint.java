package dev.gangway.lint;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.LifespanScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.WebSocketScope;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Checks both sides of the ASGI contract: the application within and the server around. Each breach
 * fails the call in which it is found with a {@link ContractException}, whose sentence names the
 * {@link Rule}; because asynchronous code easily loses a failure, {@link #check} throws the first
 * one once more. For tests and development. Safe for many threads.
 *
 * <pre>{@code
 * AsgiLint lint = new AsgiLint();
 * AsgiApplication checked = lint.wrap(application);
 * // ... requests ...
 * lint.check();
 * }</pre>
 */
public final class AsgiLint {

  private final List<ContractException> breaches = new CopyOnWriteArrayList<>();

  /** A lint that has seen nothing yet. */
  public AsgiLint() {}

  /**
   * Puts the lint between an application and its server.
   *
   * @param application to be checked
   * @return the application to be mounted
   */
  public AsgiApplication wrap(AsgiApplication application) {
    return (scope, receive, send) -> call(application, scope, receive, send);
  }

  private CompletionStage<Void> call(
      AsgiApplication application, Scope scope, Receive receive, Send send) throws Exception {
    LintedConnection connection = connection(scope);
    AsgiScopeRules.check(scope, this);
    CompletionStage<Void> end =
        application.call(
            scope,
            new LintedReceive(receive, connection, this),
            new LintedSend(send, connection, this));
    if (end == null) {
      throw found(Rule.ASGI_END.broken("It returned null."));
    }
    CompletableFuture<Void> checked = new CompletableFuture<>();
    end.whenComplete((nothing, failure) -> ended(connection, failure, checked));
    return checked;
  }

  private static LintedConnection connection(Scope scope) {
    if (scope instanceof HttpScope http) {
      return new LintedHttp(http);
    }
    if (scope instanceof WebSocketScope webSocket) {
      return new LintedWebSocket(webSocket);
    }
    return new LintedLifespan((LifespanScope) scope);
  }

  private void ended(
      LintedConnection connection, @Nullable Throwable failure, CompletableFuture<Void> checked) {
    ContractException breach = null;
    synchronized (connection) {
      try {
        connection.returned(failure != null);
      } catch (ContractException e) {
        breach = found(e);
      }
    }
    if (failure != null) {
      checked.completeExceptionally(failure);
    } else if (breach != null) {
      checked.completeExceptionally(breach);
    } else {
      checked.complete(null);
    }
  }

  /** Keeps a breach for {@link #check}. */
  ContractException found(ContractException breach) {
    breaches.add(breach);
    return breach;
  }

  /**
   * Checks that no breach was found.
   *
   * @throws ContractException the first one, if there was any
   */
  public void check() {
    if (!breaches.isEmpty()) {
      throw breaches.get(0);
    }
  }
}
