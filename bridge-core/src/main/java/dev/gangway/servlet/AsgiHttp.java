package dev.gangway.servlet;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiFailure;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import dev.gangway.exchange.ClientProbe;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ProbedClient;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One HTTP request to an ASGI application, from its scope to what is left to do at its end. */
final class AsgiHttp implements Receive, Send, ProbedClient, BiConsumer<Void, @Nullable Throwable> {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private final Exchange exchange;
  private final AsgiRequestBody body;
  private final AsgiResponse response;
  private volatile boolean gone;
  private volatile boolean broken;

  private AsgiHttp(Exchange exchange, AsgiExtensions extensions) {
    this.exchange = exchange;
    body = new AsgiRequestBody(exchange, this::bodyBroken);
    response = new AsgiResponse(exchange, extensions, body::close);
  }

  /**
   * Calls an application for a request.
   *
   * @param application called on this thread
   * @param exchange the request, and where the response goes
   * @param lifespan whose state the scope gets a copy of
   * @param waiting whether a thread waits for the response, and sends it
   */
  static void serve(
      AsgiApplication application, Exchange exchange, AsgiState lifespan, boolean waiting) {
    AsgiExtensions extensions = new AsgiExtensions(exchange.environ(), waiting);
    AsgiHttp http = new AsgiHttp(exchange, extensions);
    HttpScope scope =
        new HttpScope(
            AsgiScopes.connection(exchange.environ(), false),
            exchange.environ().requestMethod(),
            lifespan.copy(),
            extensions.names());
    exchange.onDisconnect(http::disconnected);
    CompletionStage<Void> end;
    try {
      end = application.call(scope, http, http);
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      http.accept(null, e);
      return;
    }
    if (end == null) {
      http.accept(
          null,
          new IllegalStateException("The application returned null instead of a CompletionStage"));
    } else {
      end.whenComplete(http);
    }
  }

  @Override
  public CompletionStage<ReceiveEvent> receive() {
    return body.receive();
  }

  @Override
  public CompletionStage<Void> send(SendEvent event) {
    return response.send(event);
  }

  /** A client that has closed its side has left, as far as ASGI's servers go. */
  @Override
  public boolean isClientGone(ClientProbe probe) {
    if (!gone && exchange.isClientGone(probe)) {
      disconnected();
    }
    return gone;
  }

  /** The client left, or the container gave up. */
  private void disconnected() {
    gone = true;
    response.disconnect();
    body.close();
  }

  /** The request is not whole, so that nobody waits for its response. */
  private void bodyBroken() {
    broken = true;
    response.disconnect();
  }

  /** Known to the environ since the scope was made, so that the request need not be asked. */
  private String name() {
    return exchange.environ().requestMethod() + " " + exchange.environ().get("REQUEST_URI");
  }

  /** The application has nothing more to do with the request. */
  @Override
  public void accept(@Nullable Void nothing, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (response.state() == AsgiResponseState.COMPLETE) {
      if (cause != null && !(cause instanceof AsgiFailure)) {
        LOGGER.log(Level.ERROR, "The application failed after its response to " + name(), cause);
      }
      return;
    }
    if (gone || broken) {
      LOGGER.log(Level.DEBUG, "The client left during " + name(), cause);
      if (broken) {
        exchange.fail(400, List.of(), new IOException("The request's body is not complete"));
      } else {
        // It may have been seen before the container noticed it, which still waits for the end.
        exchange.fail(499, List.of(), new IOException("The client left"));
      }
      return;
    }
    if (cause instanceof AsgiFailure logged) {
      body.close();
      exchange.fail(logged.status(), logged.headers(), logged);
      return;
    }
    if (cause == null) {
      cause =
          new IllegalStateException(
              switch (response.state()) {
                case NEW -> "The application returned without a response";
                case READY -> "The application returned without a body; send an empty one";
                default -> "The application returned before the last event of its response";
              });
    }
    LOGGER.log(Level.ERROR, "The application failed on " + name(), cause);
    body.close();
    exchange.fail(500, List.of(), cause);
  }
}
