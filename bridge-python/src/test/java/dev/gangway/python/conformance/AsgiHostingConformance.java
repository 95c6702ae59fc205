package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSetting;
import dev.gangway.server.AccessLog;
import dev.gangway.server.GatewayBuilder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What clients and operators see of a Python application of ASGI on a bad day. */
public abstract class AsgiHostingConformance extends EmbeddedPythonTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  PythonMount mount() {
    return PythonMount.of("asgi_fixtures:application")
        .with(PythonSetting.TIMEOUT, "2")
        .with(PythonSetting.LIMIT_REQUEST_BODY, "1000");
  }

  @Override
  void mount(GatewayBuilder<?> server, PythonApplication python) {
    server
        .mount("/", python)
        .accessLog(
            AccessLog.of("%(U)s %(s)s %(B)s %(p)s %({request_id}g)s %({trace_id}g)s", lines::add));
  }

  private void awaitLine(String line) {
    await().untilAsserted(() -> assertThat(lines).contains(line));
  }

  @Test
  void theAccessLogKnowsTheWorkerAndTheTrace() throws Exception {
    String pid = "<" + application().workerPids().get(0) + ">";
    assertThat(get("/hello", "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01").text())
        .isEqualTo("hello");
    awaitLine("/hello 200 5 " + pid + " " + TRACE + " " + TRACE);
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
    List<Long> before = application().workerPids();
    assertThat(get("/dies").status()).isEqualTo(502);
    await().until(() -> application().workerPids().size() == 1);
    assertThat(application().workerPids()).isNotEqualTo(before);
    assertThat(get("/hello").text()).isEqualTo("hello");
  }

  @Test
  void filesAndLargeBodiesAreSentWhole() throws Exception {
    assertThat(get("/sends_file").text()).contains("ASGI applications for the tests");
    assertThat(get("/large").text()).hasSize(1_000_000);
    assertThat(get("/parts").text()).isEqualTo("onetwosix");
    assertThat(send("HEAD", "/large").text()).isEmpty();
  }

  @Test
  void theSnapshotCountsItsRequests() throws Exception {
    await().until(() -> application().requestsInHand() == 0);
    long before = application().snapshot().answered();
    assertThat(get("/hello").status()).isEqualTo(200);
    await().until(() -> application().snapshot().answered() == before + 1);
    assertThat(application().snapshot().running()).isZero();
  }
}
