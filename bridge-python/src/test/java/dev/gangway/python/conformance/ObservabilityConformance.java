package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSetting;
import dev.gangway.python.PythonSnapshot;
import dev.gangway.server.AccessLog;
import dev.gangway.server.GatewayBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of a request: the access log, records with its id, what it is slow at. */
public abstract class ObservabilityConformance extends EmbeddedPythonTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @Override
  PythonMount mount() {
    return super.mount()
        .with(PythonSetting.SLOW_REQUEST_LOG, "0.5")
        .with(PythonSetting.THREADS, "2")
        .with(PythonSetting.SLOT_SIZE, "16384")
        .with(PythonSetting.LIMIT_REQUEST_BODY, "1000")
        .with(PythonSetting.QUEUE_TIMEOUT, "1");
  }

  @Override
  void mount(GatewayBuilder<?> server, PythonApplication python) {
    server
        .mount("/", python)
        .mount("/middleware", (environ, startResponse) -> python.call(environ, startResponse))
        .accessLog(
            AccessLog.of(
                "%(s)s %(B)s %(p)s %({queue_time}g)s %({request_id}g)s %({trace_id}g)s"
                    + " %({PATH_INFO}e)s",
                lines::add));
  }

  @BeforeEach
  void forget() {
    // The worker of the test before may have died, or still be at it.
    await().until(() -> serving() && application().snapshot().running() == 0);
    lines.clear();
  }

  private boolean serving() {
    List<PythonSnapshot.Worker> workers = application().snapshot().workers();
    return workers.size() == 1 && workers.get(0).state() == PythonSnapshot.State.SERVING;
  }

  private String line() {
    await().until(() -> lines.size() == 1);
    return lines.remove(0);
  }

  private String pid() {
    return "<" + application().workerPids().get(0) + ">";
  }

  private static String formatted(LogRecord record) {
    Object[] parameters = record.getParameters();
    return parameters == null
        ? record.getMessage()
        : MessageFormat.format(record.getMessage(), parameters);
  }

  private static String logged(LogCapture log, String part) {
    return formatted(log.await(record -> formatted(record).contains(part)));
  }

  @Test
  void theAccessLogTellsWhoAnsweredAndHowLongTheRequestWaited() throws Exception {
    Path file = Files.write(folder.resolve("large.bin"), new byte[300_000]);
    for (String target :
        List.of(
            "/not_modified",
            "/slow_stream?2",
            "/file?" + file,
            "/large?300000",
            "/middleware/hello")) {
      RawHttp.Response response = get(target);
      String path = target.replaceFirst("\\?.*", "").replaceFirst("/middleware", "");
      assertThat(line())
          .as(target)
          .matches(
              response.status()
                  + " "
                  + response.text().length()
                  + " "
                  + pid()
                  + " 0\\.\\d{6} [0-9a-f]{8}-[0-9a-f]+ - "
                  + path);
    }
  }

  @Test
  void theAccessLogTellsWhatNobodyAnswered() throws Exception {
    assertThat(get("/dies", "X-Request-ID: 7b1e").status()).isEqualTo(502);
    assertThat(line()).matches("502 \\d+ - 0\\.\\d{6} 7b1e - /dies");
    assertThat(get("/hello", "X-Large: " + "x".repeat(16_000)).status()).isEqualTo(431);
    assertThat(line()).matches("431 \\d+ - - [0-9a-f]{8}-[0-9a-f]+ - -");
    assertThat(post("/echo_in_parts", "x".repeat(2000), "X-Request-ID: 7b2e").status())
        .isEqualTo(413);
    assertThat(line()).matches("413 \\d+ - - 7b2e - /echo_in_parts");
  }

  @Test
  void theAccessLogTellsHowLongARefusedRequestWaited() throws Exception {
    try (RawHttp first = RawHttp.connect(port());
        RawHttp second = RawHttp.connect(port())) {
      first.send(head("GET", "/naps?3") + "\r\n");
      second.send(head("GET", "/naps?3") + "\r\n");
      await().until(() -> application().snapshot().running() == 2);
      try (LogCapture log = LogCapture.of("dev.gangway.python")) {
        assertThat(get("/hello", "X-Request-ID: 7b1e").status()).isEqualTo(503);
        assertThat(line()).matches("503 \\d+ - [12]\\.\\d{6} 7b1e - /hello");
        logged(log, "[7b1e] 503 for GET /hello");
      }
      assertThat(first.read().status()).isEqualTo(200);
      assertThat(second.read().status()).isEqualTo(200);
    }
    await().until(() -> lines.size() == 2);
  }

  @Test
  void aTraceReachesTheApplicationUnchangedAndTheAccessLog() throws Exception {
    assertThat(
            environ(
                get(
                    "/environ_lines",
                    "traceparent: " + TRACEPARENT,
                    "tracestate: rojo=1,congo=t6")))
        .containsEntry("HTTP_TRACEPARENT", TRACEPARENT)
        .containsEntry("HTTP_TRACESTATE", "rojo=1,congo=t6")
        .containsEntry("gangway.request_id", TRACE);
    assertThat(line()).contains(" " + TRACE + " " + TRACE + " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00-nonsense", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"})
  void aMalformedTraceReachesTheApplicationAndNotTheLog(String traceparent) throws Exception {
    assertThat(environ(get("/environ_lines", "traceparent: " + traceparent)))
        .containsEntry("HTTP_TRACEPARENT", traceparent)
        .hasEntrySatisfying("gangway.request_id", id -> assertThat(id).matches("[0-9a-f-]+"));
    assertThat(line()).contains(" - /environ_lines");
  }

  @Test
  void whatIsLoggedDuringARequestCarriesItsIdItsFileAndItsLine() throws Exception {
    try (LogCapture log = LogCapture.of("")) {
      get("/logs", "X-Request-ID: 7b1e");
      assertThat(log.await("shop.orders", "order 7 is late").getMessage())
          .matches("\\[7b1e] /.*/fixtures\\.py:\\d+: order 7 is late");
      assertThat(log.await("wsgi.errors", "to wsgi.errors").getMessage())
          .isEqualTo("[7b1e] to wsgi.errors");
      get("/raises", "traceparent: " + TRACEPARENT);
      assertThat(log.await("gangway.worker", "GET /raises failed").getMessage())
          .startsWith("[" + TRACE + "] ");
      get("/logs_elsewhere", "X-Request-ID: 7b2e");
      assertThat(log.await("shop.task", "in a task").getMessage()).startsWith("[7b2e] /");
      assertThat(log.await("shop.thread", "in a thread").getMessage()).startsWith("/");
      get("/dies", "X-Request-ID: 7b3e");
      logged(log, "[7b3e] 502 for GET /dies: worker ");
    }
  }

  @Test
  void anIdThatCouldForgeALineIsNotTaken() throws Exception {
    assertThat(environ(get("/environ_lines", "X-Request-ID: a] b")))
        .hasEntrySatisfying("gangway.request_id", id -> assertThat(id).matches("[0-9a-f-]+"));
  }

  @Test
  void aSlowRequestIsLoggedOnceWithTheStackOfItsThread() throws Exception {
    try (LogCapture log = LogCapture.of("dev.gangway.python")) {
      try (RawHttp other = RawHttp.connect(port())) {
        other.send(head("GET", "/sleeps?1.5", "X-Request-ID: 7b1e") + "\r\n");
        assertThat(get("/naps?1.5", "X-Request-ID: 7b2e").status()).isEqualTo(200);
        assertThat(other.read().status()).isEqualTo(200);
      }
      logged(log, "[7b1e] GET /sleeps?1.5 is slow");
      String slow = logged(log, "[7b2e] GET /naps?1.5 is slow");
      assertThat(slow)
          .contains("worker " + application().workerPids().get(0) + " has been at it for PT0.")
          .contains("in _nap\n")
          .contains("in naps\n")
          .doesNotContain("in sleeps");
      assertThat(log.records().stream().filter(record -> formatted(record).contains(" is slow")))
          .hasSize(2)
          .allMatch(record -> record.getLevel().equals(Level.WARNING));
    }
  }

  @Test
  void aRunningApplicationLearnsOfAClientThatLeftWhenAChunkCannotBeWritten() throws Exception {
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(head("GET", "/notices?left") + "\r\n");
      await().until(() -> application().snapshot().running() == 1);
      http.reset();
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(get("/noticed_by").text()).isEqualTo("left"));
    awaitCloses("left", 1);
  }

  @RepeatedTest(10)
  void aWaitingGeneratorIsClosedAtItsNextChunksAfterTheClientLeft() throws Exception {
    Path gate = folder.resolve("gate" + System.nanoTime());
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(head("GET", "/gated_twice?" + gate.getFileName() + "=" + gate) + "\r\n");
      await().until(() -> application().snapshot().running() == 1);
      http.reset();
    }
    assertThat(closes(gate.getFileName().toString())).isZero();
    Files.createFile(gate);
    awaitCloses(gate.getFileName().toString(), 1);
    assertThat(closes(gate.getFileName().toString())).isEqualTo(1);
  }
}
