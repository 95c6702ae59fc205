package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.asgi.AsgiApplication;
import org.junit.jupiter.api.Test;

/** A context in which nobody has set WebSockets up. */
public abstract class WithoutWebSocketsConformance extends AsgiConformanceTest {

  private static final AsgiApplication HELLO =
      AsgiTalk.application(
          (scope, talk) -> {
            talk.start(200);
            talk.last("hello");
          });

  @Test
  void aWebSocketIs501AndRequestsAreAnswered() throws Exception {
    serve(HELLO);
    RawHttp.Response denied = RawHttp.exchange(port(), RawWebSocket.handshake("/app/chat"));
    assertThat(denied.status()).isEqualTo(501);
    assertThat(denied.isComplete()).isTrue();
    assertThat(RawHttp.exchange(port(), get("/app/chat")).text()).isEqualTo("hello");
  }
}
