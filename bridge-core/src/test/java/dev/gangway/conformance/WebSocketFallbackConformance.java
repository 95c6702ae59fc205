package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.ReceiveEvent.WebSocketDisconnect;
import dev.gangway.conformance.WebSocketTest.Call;
import dev.gangway.conformance.WebSocketTest.Calls;
import dev.gangway.servlet.ImpatientServlet;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A container that has WebSockets and cannot stop reading from one. */
public abstract class WebSocketFallbackConformance {

  /** The container under test. */
  protected abstract ConformanceServer newServer();

  @Test
  void anApplicationThatDoesNotReceiveLosesItsClient() throws Exception {
    Calls calls = new Calls();
    ConformanceServer server = newServer();
    int port =
        server.start(
            "",
            (classes, context) -> {
              ServletRegistration.Dynamic servlet =
                  context.addServlet("asgi", ImpatientServlet.behind(calls, Duration.ofSeconds(1)));
              servlet.addMapping("/*");
              servlet.setAsyncSupported(true);
            });
    CompletableFuture<Call> accepting = calls.accepting();
    try (RawWebSocket client = RawWebSocket.open(port, "/")) {
      Call call = accepting.get(20, TimeUnit.SECONDS);
      byte[] frame = RawWebSocket.frame(true, RawWebSocket.BINARY, new byte[64 * 1024]);
      CompletableFuture<Void> flood =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 1000; i++) {
                    client.write(frame);
                  }
                } catch (IOException e) {
                  // It has been closed, as it should.
                }
              });
      RawWebSocket.Frame close = client.read();
      assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
      assertThat(close.code()).isEqualTo(1013);
      ReceiveEvent event;
      do {
        event = call.receiveNext();
      } while (!(event instanceof WebSocketDisconnect));
      assertThat(((WebSocketDisconnect) event).code()).isEqualTo(1013);
      call.finish();
      client.reset();
      flood.get(20, TimeUnit.SECONDS);
    } finally {
      server.close();
    }
  }
}
