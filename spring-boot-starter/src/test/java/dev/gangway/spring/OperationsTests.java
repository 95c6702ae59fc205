package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the actuator tells of the mounts, and does with them, in each web server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OperationsTests {

  private static final String GOOD =
      """
      def application(environ, start_response):
          start_response("200 OK", [("Content-Type", "text/plain")])
          return [b"edited: no"]
      """;

  private final Class<?> server;
  private Path edited;
  private Path dying;
  private RunningApplication application;

  OperationsTests(Class<?> server) {
    this.server = server;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    edited = folder.resolve("edited.py");
    Files.writeString(edited, GOOD);
    List<String> properties =
        new ArrayList<>(
            List.of(
                RunningApplication.fixture(
                    "shop", "/shop", "fixtures:by_path", "rehearsal=/hello")));
    dying = folder.resolve("dying.py");
    Files.writeString(dying, GOOD);
    properties.addAll(List.of(RunningApplication.mount("edited", "/edited", "edited", folder)));
    properties.addAll(List.of(RunningApplication.mount("dying", "/dying", "dying", folder)));
    properties.addAll(
        List.of(
            RunningApplication.fixture(
                "busy", "/busy", "fixtures:by_path", "queue-timeout=200ms", "timeout=1s")));
    properties.add("management.tracing.sampling.probability=1.0");
    properties.add("spring.profiles.active=operations");
    properties.add("management.endpoint.health.show-details=always");
    application =
        RunningApplication.start(server, List.of(Traces.class), properties.toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void healthShowsEachMountWithItsWorkers() throws Exception {
    HttpResponse<String> response = application.get("/actuator/health/gangway/shop");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("\"status\":\"UP\"")
        .contains("\"state\":\"serving\"")
        .contains("\"application\":\"fixtures:by_path\"")
        .contains("\"workers\":{\"starting\":0,\"serving\":1,\"retiring\":0}");
    assertThat(application.get("/actuator/health").body()).contains("\"gangway\":{");
  }

  @Test
  void readinessIsTrueWhileEachMountHasAWorkerThatAnsweredTheRehearsal() throws Exception {
    HttpResponse<String> response = application.get("/actuator/health/readiness");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("readinessState", "\"edited\":{", "\"shop\":{");
  }

  @Test
  void theEndpointShowsWhatEachMountIsDoing() throws Exception {
    assertThat(application.get("/shop/hello").statusCode()).isEqualTo(200);
    assertThat(application.get("/actuator/gangway").body())
        .startsWith("{\"mounts\":{")
        .contains("\"edited\":{\"path\":\"/edited\",\"state\":\"serving\"")
        .contains("\"shop\":{\"path\":\"/shop\"");
    assertThat(application.get("/actuator/gangway/shop").body())
        .contains(
            "\"application\":\"fixtures:by_path\"", "\"queued\":0", "\"workers\":[{\"number\":")
        .doesNotContain("\"answered\":0,\"lost\"");
    assertThat(application.get("/actuator/gangway/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void aReloadServesTheNewCodeAndOneThatFailsTellsTheTracebackAndKeepsTheOld() throws Exception {
    assertThat(application.get("/edited").body()).isEqualTo("edited: no");

    Files.writeString(edited, GOOD.replace("no", "yes, again"));
    HttpResponse<String> done = reload("edited");
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).contains("\"outcome\":\"RELOADED\"");
    await()
        .untilAsserted(
            () -> assertThat(application.get("/edited").body()).isEqualTo("edited: yes, again"));

    Files.writeString(edited, "import no_such_module\n");
    HttpResponse<String> failed = reload("edited");
    assertThat(failed.statusCode()).isEqualTo(409);
    assertThat(failed.body())
        .contains("\"outcome\":\"FAILED\"", "The old workers stay", "Traceback", "no_such_module");
    assertThat(application.get("/edited").body()).isEqualTo("edited: yes, again");
  }

  @Test
  void readinessIsFalseInACrashLoopAndTrueAgainAfterIt() throws Exception {
    Files.writeString(dying, "import no_such_module\n");
    for (long pid : pids("dying")) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(application.get("/actuator/health/gangway/dying").body())
                    .contains("\"status\":\"DOWN\"", "\"state\":\"crash_loop\"", "lastFailure"));
    assertThat(application.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    assertThat(application.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

    Files.writeString(dying, GOOD);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(application.get("/actuator/health/readiness").statusCode())
                    .isEqualTo(200));
  }

  private List<Long> pids(String mount) {
    return application.context().getBean(GatewayMounts.class).python().stream()
        .filter(each -> each.name().equals(mount))
        .map(PythonMount::application)
        .flatMap(python -> python.workerPids().stream())
        .toList();
  }

  @Test
  void aReloadOfWhatIsNotMountedNamesTheMounts() throws Exception {
    HttpResponse<String> response = reload("nothing");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .contains("\"outcome\":\"UNKNOWN\"", "busy", "dying", "edited", "shop");
  }

  private HttpResponse<String> reload(String mount) throws Exception {
    return application.send(
        application
            .request("/actuator/gangway/" + mount)
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  @Test
  void metersCountWhatBecameOfRequestsAndWhatTheWorkersDo() throws Exception {
    application.get("/shop/hello");
    application.get("/shop/raises");
    await()
        .untilAsserted(
            () ->
                assertThat(prometheus())
                    .containsPattern(
                        meter(
                            "gangway_requests_seconds_count",
                            "mount=\"shop\",outcome=\"ANSWERED\",status=\"2xx\"",
                            "[1-9]"))
                    .containsPattern(
                        meter(
                            "gangway_requests_seconds_count",
                            "mount=\"shop\",outcome=\"ANSWERED\",status=\"5xx\"",
                            "[1-9]"))
                    .containsPattern(
                        meter("gangway_requests_queue_seconds_count", "mount=\"shop\"", "[1-9]"))
                    .containsPattern(
                        meter("gangway_response_size_bytes_sum", "mount=\"shop\"", "[1-9]"))
                    .contains("gangway_requests_running{mount=\"shop\"} 0.0")
                    .contains("gangway_requests_queued{mount=\"shop\"} 0.0")
                    .contains("gangway_workers{mount=\"shop\",state=\"serving\"} 1.0")
                    .contains("gangway_workers{mount=\"shop\",state=\"starting\"} 0.0")
                    .contains("gangway_workers{mount=\"shop\",state=\"retiring\"} 0.0")
                    .contains("gangway_workers_crash_loop{mount=\"shop\"} 0.0")
                    .containsPattern(
                        meter("gangway_workers_memory_bytes", "mount=\"shop\"", "[1-9]")));
  }

  @Test
  void metersCountTroubleAndAreThereAtZeroBeforeIt() throws Exception {
    for (String reason : List.of("CRASHED", "TIMED_OUT", "MAX_REQUESTS", "MEMORY", "RELOADED")) {
      assertThat(prometheus()).contains(restarts("shop", reason, 0));
    }
    assertThat(prometheus())
        .contains(requests("LOST", 0), requests("TIMED_OUT", 0), requests("REJECTED", 0));

    var stuck = application.getLater("/busy/sleeps?60");
    await().untilAsserted(() -> assertThat(prometheus()).contains(gauge("running", 1)));
    assertThat(application.get("/busy/hello").statusCode()).isEqualTo(503);
    assertThat(stuck.join().statusCode()).isEqualTo(504);
    await().until(() -> application.get("/busy/dies").statusCode() == 502);
    await()
        .untilAsserted(
            () ->
                assertThat(prometheus())
                    .contains(requests("LOST", 1), requests("TIMED_OUT", 1))
                    .doesNotContain(requests("REJECTED", 0))
                    .contains(restarts("busy", "TIMED_OUT", 1), restarts("busy", "CRASHED", 1)));
  }

  private String prometheus() throws Exception {
    return application.get("/actuator/prometheus").body();
  }

  private static String meter(String name, String tags, String value) {
    return name + "\\{" + tags + "\\} " + value;
  }

  private static String gauge(String which, int value) {
    return "gangway_requests_" + which + "{mount=\"busy\"} " + value + ".0";
  }

  private static String requests(String outcome, int count) {
    return "gangway_requests_seconds_count{mount=\"busy\",outcome=\""
        + outcome
        + "\",status=\"5xx\"} "
        + count;
  }

  private static String restarts(String mount, String reason, int count) {
    return "gangway_workers_restarts_total{mount=\""
        + mount
        + "\",reason=\""
        + reason
        + "\"} "
        + count
        + ".0";
  }

  @Test
  void springsOwnMetersNameTheMountAndNotThePath() throws Exception {
    application.get("/shop/hello/a/b/c");
    await()
        .untilAsserted(
            () ->
                assertThat(prometheus())
                    .containsPattern(
                        "http_server_requests_seconds_count\\{[^}]*uri=\"/shop/\\*\\*\"")
                    .doesNotContain("/a/b/c"));
  }

  @Test
  void theApplicationIsPartOfTheTraceOfTheClient() throws Exception {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    HttpResponse<String> response =
        application.send(
            application
                .request("/shop/environ_dump")
                .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                .header("tracestate", "shop=1"));
    String span = response.headers().firstValue(Traces.SPAN).orElseThrow();
    assertThat(response.headers().firstValue(Traces.TRACE)).hasValue(trace);
    assertThat(response.body())
        .contains("HTTP_TRACEPARENT='00-" + trace + "-" + span + "-01'")
        .contains("HTTP_TRACESTATE='shop=1'")
        .doesNotContain("b7ad6b7169203331");
  }

  @Test
  void withoutOneItIsPartOfTheTraceThatSpringBeginsAndLogsItsId() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger("shop.orders");
    logger.addAppender(log);
    try {
      HttpResponse<String> response =
          application.send(application.request("/shop/logs").header("tracestate", "others=1"));
      String trace = response.headers().firstValue(Traces.TRACE).orElseThrow();
      await()
          .untilAsserted(
              () ->
                  assertThat(log.list)
                      .extracting(ILoggingEvent::getFormattedMessage)
                      .anyMatch(
                          message ->
                              message.startsWith("[" + trace + "] ")
                                  && message.endsWith("order 7 is late")));
      assertThat(application.get("/shop/environ_dump").body())
          .containsPattern("HTTP_TRACEPARENT='00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]'")
          .doesNotContain("others=1");
    } finally {
      logger.detachAppender(log);
    }
  }
}
