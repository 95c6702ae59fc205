package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.PythonApplication;
import dev.gangway.server.AccessLog;
import dev.gangway.server.GatewayBuilder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What operators see of a Python application of ASGI. */
public abstract class AsgiHostingConformance extends EmbeddedPythonTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  PythonMount mount() {
    return PythonMount.of("asgi_fixtures:application");
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
  void theSnapshotCountsItsRequests() throws Exception {
    await().until(() -> application().requestsInHand() == 0);
    long before = application().snapshot().answered();
    assertThat(get("/hello").status()).isEqualTo(200);
    await().until(() -> application().snapshot().answered() == before + 1);
    assertThat(application().snapshot().running()).isZero();
  }
}
