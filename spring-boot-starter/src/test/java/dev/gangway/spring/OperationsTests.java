package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    properties.add("management.endpoints.web.exposure.include=*");
    properties.add("management.endpoint.health.show-details=always");
    properties.add("management.endpoint.health.probes.enabled=true");
    properties.add("management.endpoint.health.group.readiness.include=readinessState,gangway");
    application = RunningApplication.start(server, List.of(), properties.toArray(String[]::new));
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
    assertThat(response.body()).contains("\"outcome\":\"UNKNOWN\"", "dying", "edited", "shop");
  }

  private HttpResponse<String> reload(String mount) throws Exception {
    return application.send(
        application
            .request("/actuator/gangway/" + mount)
            .POST(HttpRequest.BodyPublishers.noBody()));
  }
}
