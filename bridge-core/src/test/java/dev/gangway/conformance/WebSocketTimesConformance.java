package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.SendEvent;
import dev.gangway.conformance.WebSocketTest.Call;
import dev.gangway.conformance.WebSocketTest.Calls;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.servlet.GatewayServlet;
import dev.gangway.servlet.ImpatientServlet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a WebSocket of which one side keeps the other waiting. */
public abstract class WebSocketTimesConformance {

  private final Calls calls = new Calls();

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  private Gateway serve(GatewayServlet servlet) throws Exception {
    return builder().bind("127.0.0.1:0").servlet("/*", servlet).start();
  }

  @Test
  void aClientThatAnswersNoPingIsTakenForLost() throws Exception {
    try (Gateway gateway = serve(ImpatientServlet.pinging(calls, Duration.ofMillis(500)))) {
      CompletableFuture<Call> accepting = calls.accepting();
      try (RawWebSocket client = RawWebSocket.open(gateway.port(), "/")) {
        Call call = accepting.get(20, TimeUnit.SECONDS);
        assertThat(client.read().opcode()).isEqualTo(RawWebSocket.PING);
        assertThat(call.disconnect().code()).isEqualTo(1006);
        assertThatThrownBy(() -> call.sendText("too late"))
            .isInstanceOf(ClientDisconnectedException.class);
        call.finish();
      }
    }
  }

  @Test
  void aClientThatAnswersPingsStays() throws Exception {
    try (Gateway gateway = serve(ImpatientServlet.pinging(calls, Duration.ofMillis(1500)))) {
      CompletableFuture<Call> accepting = calls.accepting();
      try (RawWebSocket client = RawWebSocket.open(gateway.port(), "/")) {
        Call call = accepting.get(20, TimeUnit.SECONDS);
        for (int i = 0; i < 2; i++) {
          RawWebSocket.Frame ping = client.read();
          assertThat(ping.opcode()).isEqualTo(RawWebSocket.PING);
          client.send(true, RawWebSocket.PONG, ping.payload());
        }
        call.sendText("still there");
        assertThat(client.read().text()).isEqualTo("still there");
        call.finish();
      }
    }
  }

  @Test
  void anApplicationThatDoesNotDecideIs504() throws Exception {
    try (Gateway gateway = serve(ImpatientServlet.deciding(calls, Duration.ofMillis(500)))) {
      int port = gateway.port();
      RawHttp.Response response = RawHttp.exchange(port, RawWebSocket.handshake("/chat"));
      assertThat(response.status()).isEqualTo(504);
      Call call = calls.next();
      call.receiveNext();
      assertThat(call.disconnect().code()).isEqualTo(1006);
      assertThatThrownBy(() -> call.sendNow(new SendEvent.WebSocketAccept(null, List.of())))
          .isInstanceOf(ClientDisconnectedException.class);
    }
  }
}
