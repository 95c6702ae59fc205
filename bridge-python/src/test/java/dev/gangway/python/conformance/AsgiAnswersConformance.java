package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import org.junit.jupiter.api.Test;

/** What clients get from a Python application of ASGI on good days and bad ones. */
public abstract class AsgiAnswersConformance extends PythonTest {

  @Override
  PythonMount mount() {
    return PythonMount.of("asgi_fixtures:application")
        .with(PythonSetting.TIMEOUT, "2")
        .with(PythonSetting.LIMIT_REQUEST_BODY, "1000");
  }

  @Test
  void failuresHaveTheirStatuses() throws Exception {
    assertThat(get("/fails").status()).isEqualTo(500);
    assertThat(get("/silent").status()).isEqualTo(500);
    assertThat(get("/never").status()).isEqualTo(504);
    assertThat(post("/echo", "x".repeat(2000)).status()).isEqualTo(413);
    RawHttp.Response midway = get("/fails_midway");
    assertThat(midway.status()).isEqualTo(200);
    assertThat(midway.isComplete()).isFalse();
    assertThat(get("/hello").status()).isEqualTo(200);
  }

  @Test
  void aWorkerThatDiesIsReplaced() throws Exception {
    assertThat(get("/dies").status()).isEqualTo(502);
    await().untilAsserted(() -> assertThat(get("/hello").text()).isEqualTo("hello"));
  }

  @Test
  void filesAndLargeBodiesAreSentWhole() throws Exception {
    assertThat(get("/sends_file").text()).contains("ASGI applications for the tests");
    assertThat(get("/large").text()).hasSize(1_000_000);
    assertThat(get("/parts").text()).isEqualTo("onetwosix");
    assertThat(send("HEAD", "/large").text()).isEmpty();
  }
}
