package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
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
    properties.addAll(List.of(RunningApplication.mount("edited", "/edited", "edited", folder)));
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
    assertThat(response.body()).contains("readinessState", "\"shop\":{\"status\":\"UP\"");
  }

  @Test
  void theEndpointShowsWhatEachMountIsDoing() throws Exception {
    assertThat(application.get("/shop/hello").statusCode()).isEqualTo(200);
    assertThat(application.get("/actuator/gangway").body())
        .startsWith("{\"mounts\":{\"shop\":{\"path\":\"/shop\",\"state\":\"serving\"")
        .contains("\"edited\":{");
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
    assertThat(done.body()).isEqualTo("{\"outcome\":\"RELOADED\"}");
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
  void aReloadOfWhatIsNotMountedNamesTheMounts() throws Exception {
    HttpResponse<String> response = reload("nothing");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("\"outcome\":\"UNKNOWN\"", "[shop, edited]");
  }

  private HttpResponse<String> reload(String mount) throws Exception {
    return application.send(
        application
            .request("/actuator/gangway/" + mount)
            .POST(HttpRequest.BodyPublishers.noBody()));
  }
}
