package dev.gangway.conformance;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.ReceiveEvent.WebSocketDisconnect;
import dev.gangway.asgi.ReceiveEvent.WebSocketReceive;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.WebSocketScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One server for the tests of a class, with an ASGI application that each test chooses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WebSocketTest {

  static final Duration SOON = Duration.ofSeconds(20);

  private final ConformanceServer server = newServer();
  private volatile AsgiApplication application;
  private int port;

  /** The container under test. */
  protected abstract ConformanceServer newServer();

  @BeforeAll
  void start() throws Exception {
    AsgiMount current =
        new AsgiMount(
            (scope, receive, send) ->
                requireNonNull(application, "no application").call(scope, receive, send));
    port = server.start(Map.of("", current, "/app", current));
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  int port() {
    return port;
  }

  ConformanceServer server() {
    return server;
  }

  void serve(AsgiApplication next) {
    application = next;
  }

  /** Serves WebSockets that the test plays the application of. */
  Calls calls() {
    Calls calls = new Calls();
    serve(calls);
    return calls;
  }

  RawWebSocket open(String target, String... fields) throws IOException {
    return RawWebSocket.open(port, target, fields);
  }

  /** Accepts, and sends each message back. */
  static final AsgiApplication ECHO =
      (scope, receive, send) ->
          receive
              .receive()
              .thenCompose(connect -> send.send(new SendEvent.WebSocketAccept(null, List.of())))
              .thenCompose(accepted -> echo(receive, send));

  private static CompletionStage<Void> echo(Receive receive, Send send) {
    return receive
        .receive()
        .thenCompose(
            event -> {
              if (event instanceof WebSocketReceive message) {
                return send.send(new SendEvent.WebSocketSend(message.bytes(), message.text()))
                    .thenCompose(sent -> echo(receive, send));
              }
              return CompletableFuture.completedFuture(null);
            });
  }

  /** The calls of an application, in the order in which they come. */
  static final class Calls implements AsgiApplication {

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<Void> call(Scope scope, Receive receive, Send send) {
      Call call = new Call((WebSocketScope) scope, receive, send, new CompletableFuture<>());
      calls.add(call);
      return call.end;
    }

    /** Waits for the next. */
    Call next() throws InterruptedException {
      return requireNonNull(
          calls.poll(SOON.toSeconds(), TimeUnit.SECONDS), "The application is not called");
    }

    /** Accepts the next, on a thread of its own. */
    CompletableFuture<Call> accepting() {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return next().accept();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }

    boolean isEmpty() {
      return calls.isEmpty();
    }
  }

  /** A WebSocket that a test plays the application of. */
  record Call(WebSocketScope scope, Receive receive, Send send, CompletableFuture<Void> end) {

    ReceiveEvent receiveNext() throws Exception {
      return receive.receive().toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    String text() throws Exception {
      return ((WebSocketReceive) receiveNext()).text();
    }

    WebSocketDisconnect disconnect() throws Exception {
      return (WebSocketDisconnect) receiveNext();
    }

    void sendNow(SendEvent event) throws Exception {
      try {
        begin(event).get(SOON.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Exception cause) {
          throw cause;
        }
        throw e;
      }
    }

    CompletableFuture<Void> begin(SendEvent event) {
      return send.send(event).toCompletableFuture();
    }

    Call accept() throws Exception {
      receiveNext();
      sendNow(new SendEvent.WebSocketAccept(null, List.of()));
      return this;
    }

    void sendText(String text) throws Exception {
      sendNow(new SendEvent.WebSocketSend(null, text));
    }

    void close(int code, String reason) throws Exception {
      sendNow(new SendEvent.WebSocketClose(code, reason));
    }

    void finish() {
      end.complete(null);
    }
  }

  /** Opens a WebSocket and accepts it. */
  Opened openAccepted(Calls calls) throws Exception {
    CompletableFuture<Call> accepted = calls.accepting();
    RawWebSocket client = open("/");
    return new Opened(client, accepted.get(SOON.toSeconds(), TimeUnit.SECONDS));
  }

  /** Both ends. */
  record Opened(RawWebSocket client, Call call) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      call.finish();
      client.close();
    }
  }

  static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
    await().atMost(SOON).untilAsserted(assertion);
  }
}
