package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New workers answer a request before they take those of clients. */
class RehearsalTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @BeforeEach
  void writeApplication() throws Exception {
    Files.writeString(
        folder.resolve("site_module.py"),
        """
        import logging, pathlib
        here = pathlib.Path(__file__).parent
        seen = []
        def application(environ, start_response):
            if environ.get("gangway.rehearsal"):
                seen.append("%(wsgi.url_scheme)s %(HTTP_HOST)s %(SERVER_NAME)s %(SERVER_PORT)s"
                            " %(SCRIPT_NAME)s %(PATH_INFO)s %(QUERY_STRING)s" % environ)
                if (here / "raises").exists():
                    raise LookupError("no such table")
                if (here / "fails").exists():
                    logging.getLogger("site").error("no such template")
                    start_response("503 Not Yet", [])
                    return [b"not yet"]
                start_response("404 Not Found", [])
                return (part for part in [b"a", b"b"])
            start_response("200 OK", [])
            return [repr(seen).encode()]
        """);
  }

  private PythonApplication.Builder site(String rehearsal) {
    return PythonApplication.builder("site_module")
        .chdir(folder)
        .env(Map.of("PYTHONDONTWRITEBYTECODE", "1"))
        .workers(1)
        .rehearsal(rehearsal);
  }

  private void touch(String name) throws Exception {
    Files.createFile(folder.resolve(name));
  }

  @Test
  void eachWorkerIsAskedOnce() throws Exception {
    try (PythonApplication application = site("/health?deep=1").start()) {
      assertThat(BlockingCall.get(application, "/").text())
          .isEqualTo("['http localhost localhost 80  /health deep=1']");
    }
    try (PythonApplication application = site("https://shop.example:8443/h%C3%A9").start()) {
      assertThat(BlockingCall.get(application, "/").text())
          .startsWith("['https shop.example:8443 shop.example 8443  /h");
    }
    try (PythonApplication application =
        site("/health").env(Map.of("SCRIPT_NAME", "/shop")).start()) {
      assertThat(BlockingCall.get(application, "/").text())
          .isEqualTo("['http localhost localhost 80 /shop /health ']");
    }
    try (PythonApplication application = site("").start()) {
      assertThat(BlockingCall.get(application, "/").text()).isEqualTo("[]");
    }
  }

  @Test
  void aFailureFailsTheStart() throws Exception {
    touch("raises");
    assertThatThrownBy(() -> site("/health").start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("the rehearsal request GET /health failed")
        .hasMessageContaining("Traceback")
        .hasMessageContaining("LookupError: no such table");
    touch("fails");
    Files.delete(folder.resolve("raises"));
    assertThatThrownBy(() -> site("/health").start())
        .hasMessageContaining("GET /health was answered with 503 Not Yet")
        .hasMessageContaining("site: no such template");
    site("").start().close();
  }

  @Test
  void aFailureAtReloadKeepsTheOldWorkers() throws Exception {
    try (PythonApplication application = site("/health").start()) {
      List<Long> before = application.workerPids();
      touch("fails");
      assertThatThrownBy(application::reload).hasMessageContaining("503 Not Yet");
      assertThat(BlockingCall.get(application, "/").status()).isEqualTo("200 OK");
      await().atMost(SOON).until(() -> application.workerPids().equals(before));
      Files.delete(folder.resolve("fails"));
      application.reload();
      await().atMost(SOON).until(() -> application.workerPids().size() == 1);
      assertThat(application.workerPids()).isNotEqualTo(before);
    }
  }

  @Test
  void aWorkerThatIsDueStaysUntilItsSuccessorHasAnswered() throws Exception {
    try (PythonApplication application = site("/health").maxRequests(2).start();
        CapturedLog log = CapturedLog.of("dev.gangway.python")) {
      List<Long> before = application.workerPids();
      touch("fails");
      for (int i = 0; i < 10; i++) {
        assertThat(BlockingCall.get(application, "/").status()).isEqualTo("200 OK");
      }
      await().atMost(SOON).until(() -> application.snapshot().crashLoop() != null);
      assertThat(log.messages())
          .anyMatch(message -> message.contains("stays, though it has answered"));
      assertThat(BlockingCall.get(application, "/").status())
          .as("there is a crash loop, but a worker serves")
          .isEqualTo("200 OK");
      assertThat(application.workerPids()).containsAll(before);
      Files.delete(folder.resolve("fails"));
      await()
          .atMost(SOON)
          .until(
              () ->
                  application.workerPids().size() == 1 && !application.workerPids().equals(before));
      assertThat(BlockingCall.get(application, "/").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void aWorkerThatDiedIsReplacedByOneThatAnswers() throws Exception {
    try (PythonApplication application = site("/health").start()) {
      touch("fails");
      ProcessHandle.of(application.workerPids().get(0)).orElseThrow().destroyForcibly();
      await().atMost(SOON).until(() -> application.snapshot().crashLoop() != null);
      assertThat(application.snapshot().crashLoop().lastFailure()).contains("before it was ready");
      assertThat(BlockingCall.get(application, "/").status()).startsWith("503");
      Files.delete(folder.resolve("fails"));
      await()
          .atMost(SOON)
          .until(() -> BlockingCall.get(application, "/").status().equals("200 OK"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"health", "ftp://localhost/", "http://", "/a b", "http://host:port/"})
  void aWrongValueIsNamed(String rehearsal) {
    assertThatThrownBy(() -> site(rehearsal).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rehearsal")
        .hasMessageContaining(rehearsal);
  }
}
