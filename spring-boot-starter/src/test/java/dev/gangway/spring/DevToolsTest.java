package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevToolsTest {

  private static final String SITE =
      """
      def application(environ, start_response):
          start_response("200 OK", [("Content-Type", "text/plain")])
          return [b"edition 1"]
      """;

  @TempDir private Path folder;

  @Test
  void aChangeBelowChdirReplacesTheWorkersAndNotTheJvmsApplication() throws Exception {
    Path classes = folder.resolve("classes");
    Path site = Files.createDirectories(classes.resolve("site"));
    Path source = Files.writeString(site.resolve("edited.py"), SITE);
    Process process = start(classes, site);
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> starts().size() == 1);
      assertThat(body()).isEqualTo("edition 1");

      Files.writeString(source, SITE.replace("edition 1", "edition 2"));
      Files.writeString(site.resolve("template.html"), "changed");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(body()).isEqualTo("edition 2"));
      assertThat(starts()).hasSize(1);

      // The devtools are awake: what is no source of a mount restarts the application.
      Files.writeString(classes.resolve("other.properties"), "changed=true");
      await().atMost(Duration.ofSeconds(30)).until(() -> starts().size() == 2);
      assertThat(body()).isEqualTo("edition 2");
    } finally {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    assertThat(starts()).as("%s", Files.readString(folder.resolve("log"))).hasSize(2);
  }

  private Process start(Path classes, Path site) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes
                    + File.pathSeparator
                    + System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                DevToolsApplication.class.getName(),
                "--started=" + folder.resolve("started"),
                "--spring.devtools.restart.enabled=true",
                "--spring.devtools.restart.poll-interval=300ms",
                "--spring.devtools.restart.quiet-period=100ms",
                "--spring.devtools.livereload.enabled=false"));
    for (String property : RunningApplication.mount("edited", "/edited", "edited", site)) {
      command.add("--" + property);
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private List<String> starts() throws IOException {
    Path started = folder.resolve("started");
    return Files.exists(started) ? Files.readAllLines(started) : List.of();
  }

  private String body() throws Exception {
    List<String> ports = starts();
    URI uri = URI.create("http://127.0.0.1:" + ports.get(ports.size() - 1) + "/edited");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
