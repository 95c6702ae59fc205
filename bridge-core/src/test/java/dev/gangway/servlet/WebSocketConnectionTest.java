package dev.gangway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.ReceiveEvent.WebSocketDisconnect;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.WebSocketScope;
import dev.gangway.exchange.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class WebSocketConnectionTest {

  private final List<Object> received = new ArrayList<>();
  private final Peer peer = new Peer();
  private final WebSocketConnection connection =
      new WebSocketConnection(scope(), "GET /", WebSocketTimes.DEFAULT, ended -> {});

  private static WebSocketScope scope() {
    return new WebSocketScope(
        new ConnectionScope("1.1", "ws", "/", "/", "", "", List.of(), null, null, null, Map.of()),
        List.of(),
        Map.of(),
        Set.of());
  }

  /** Accepts, and notes what comes then. */
  private void accept() throws InterruptedException {
    connection.start(
        (scope, receive, send) ->
            receive
                .receive()
                .thenCompose(connect -> send.send(new SendEvent.WebSocketAccept(null, List.of())))
                .handle((accepted, failure) -> receive.receive())
                .thenCompose(next -> next)
                .thenAccept(received::add));
    assertThat(connection.handshake().await(Duration.ZERO))
        .isInstanceOf(WebSocketHandshake.Accept.class);
  }

  @Test
  void aStopWaitsForTheHandshakeInHandToCloseIt() throws Exception {
    accept();
    CompletableFuture<Void> closed = connection.close(1012, "").toCompletableFuture();
    assertThat(received).containsExactly(new WebSocketDisconnect(1012, ""));
    assertThat(closed).as("nothing to tell the client with").isNotDone();
    connection.opened(peer);
    assertThat(peer.closes).containsExactly(1012);
    assertThat(closed).as("the frame is not on its way").isNotDone();
    peer.closed.complete(null);
    assertThat(closed).isCompleted();
  }

  @Test
  void aStopDoesNotWaitForAHandshakeThatFails() throws Exception {
    accept();
    CompletableFuture<Void> closed = connection.close(1012, "").toCompletableFuture();
    connection.failed();
    assertThat(closed).isCompleted();
    assertThat(peer.closes).isEmpty();
  }

  private static final class Peer implements WebSocketPeer {

    private final List<Integer> closes = new ArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    @Override
    public void send(SendEvent.WebSocketSend message, Written written) {
      throw new AssertionError("Nothing is sent: " + message);
    }

    @Override
    public boolean suspend() {
      return false;
    }

    @Override
    public void resume() {}

    @Override
    public void ping() {}

    @Override
    public CompletionStage<Void> close(int code, String reason) {
      closes.add(code);
      return closed;
    }

    @Override
    public void abort() {
      throw new AssertionError("Nobody has left");
    }
  }
}
