package dev.gangway.python.conformance;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** What {@code download} of {@code asgi_fixtures.py} does, in Java. */
final class Download implements AsgiApplication {

  static final int PARTS = 3200;
  static final int PART = 64 * 1024;

  private final AtomicLong sent = new AtomicLong();

  @Override
  public CompletionStage<Void> call(Scope scope, Receive receive, Send send)
      throws UnsupportedScopeException {
    if (!(scope instanceof HttpScope http)) {
      throw new UnsupportedScopeException(scope);
    }
    CompletionStage<Void> started = send.send(new SendEvent.HttpResponseStart(200, List.of()));
    if (http.connection().path().endsWith("/sent")) {
      return started.thenCompose(
          done -> send.send(SendEvent.HttpResponseBody.last(Long.toString(sent.get()))));
    }
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < PARTS; i++) {
                  ByteBuffer part = ByteBuffer.allocate(PART);
                  send.send(new SendEvent.HttpResponseBody(part, true)).toCompletableFuture().get();
                  sent.addAndGet(PART);
                }
                send.send(SendEvent.HttpResponseBody.last("")).toCompletableFuture().get();
                end.complete(null);
              } catch (Exception e) {
                end.completeExceptionally(e);
              }
            },
            "download");
    thread.setDaemon(true);
    thread.start();
    return end;
  }
}
