package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.conformance.RawHttp;
import dev.gangway.server.RawClient;
import org.junit.jupiter.api.Test;

/** {@code wsgi.input} with {@code request-buffering: off}. */
public abstract class PythonStreamedInputConformance extends PythonInputConformance {

  @Override
  boolean streams() {
    return true;
  }

  /** Whether the container answers Expect: 100-continue before anybody reads. */
  protected boolean continuesAtOnce() {
    return false;
  }

  @Test
  void theApplicationAnswersWhileTheBodyArrives() throws Exception {
    try (RawClient client = client()) {
      client.send(head("POST", "/echo_streaming", CLOSE, "Content-Length: 9") + "\r\none");
      client.readUntil("one");
      client.send("two");
      client.readUntil("two");
      client.send("six");
      assertThat(client.readToEnd()).contains("six");
    }
  }

  @Test
  void doesNotAnswerExpectContinueWhenTheApplicationDoesNotRead() throws Exception {
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(
          head("POST", "/ignores_input", CLOSE, "Content-Length: 5", "Expect: 100-continue")
              + "\r\n");
      if (continuesAtOnce()) {
        assertThat(http.read().status()).isEqualTo(100);
      }
      assertThat(http.read().status()).isEqualTo(200);
    }
  }

  @Test
  void readingAfterTheEndOfTheResponseDoesNotHoldTheWorker() throws Exception {
    assertThat(post("/reads_after_the_end", "unread").text()).isEqualTo("whole");
    awaitCloses("late-read", 1);
    assertThat(get("/hello").status()).isEqualTo(200);
  }
}
