package dev.gangway.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as its users run it. */
class LauncherIT {

  private static final String MODULE =
      """
      import logging
      import os
      import time

      def application(environ, start_response):
          path = environ["PATH_INFO"]
          if path == "/slow":
              open("in-hand", "w").close()
              while not os.path.exists("go-on"):
                  time.sleep(0.01)
          if path == "/log":
              logging.getLogger("site.views").warning("look here")
          start_response("200 OK", [("Content-Type", "text/plain")])
          seen = [environ["SCRIPT_NAME"], path, environ["REMOTE_ADDR"], os.environ.get("GREETING", "")]
          return ["|".join(seen).encode()]

      def second(environ, start_response):
          start_response("200 OK", [("Content-Type", "text/plain")])
          return [b"second at " + environ["SCRIPT_NAME"].encode()]
      """;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void writeTheSite() throws Exception {
    Files.writeString(folder.resolve("site_module.py"), MODULE);
    Files.writeString(folder.resolve("broken.py"), "raise RuntimeError('boom')\n");
    Files.writeString(Files.createDirectory(folder.resolve("static")).resolve("a.css"), "css");
  }

  private LaunchedGateway launch(String... arguments) throws Exception {
    return LaunchedGateway.launch(folder, Map.of(), arguments);
  }

  private HttpResponse<String> get(int port, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "tomcat"})
  void servesApplicationsAndStaticFiles(String container) throws Exception {
    try (LaunchedGateway gateway =
        launch(
            "site_module",
            "-b",
            "127.0.0.1:0",
            "--container",
            container,
            "-w",
            "1",
            "-e",
            "GREETING=hello",
            "--mount",
            "/first",
            "--mount",
            "/other=site_module:second",
            "--static-map",
            "/static=static",
            "--access-logfile",
            "-")) {
      int port = gateway.port();
      assertThat(get(port, "/first/x").body()).isEqualTo("/first|/x|127.0.0.1|hello");
      assertThat(get(port, "/other/x").body()).isEqualTo("second at /other");
      assertThat(get(port, "/static/a.css").body()).isEqualTo("css");
      assertThat(get(port, "/none").statusCode()).isEqualTo(404);
      assertThat(get(port, "/first/f", "X-Forwarded-For", "192.0.2.7").body())
          .contains("|192.0.2.7|");
      get(port, "/first/log");
      await()
          .untilAsserted(
              () ->
                  assertThat(gateway.err())
                      .containsPattern(
                          "(?m)^\\[[-0-9]+ [:0-9]+ [+-]\\d{4}] \\[\\d+] \\[WARNING]"
                              + " site\\.views: \\[[0-9a-f]{8}-[0-9a-f]+] /.*\\.py:\\d+: look here$"));
      gateway.signal("TERM");
      assertThat(gateway.exitCode()).isZero();
      assertThat(gateway.out())
          .containsPattern(
              "(?m)^127\\.0\\.0\\.1 - - \\[.*] \"GET /first/x HTTP/1\\.1\" 200 25 \"-\""
                  + " \"Java-http-client.*\"$");
      assertThat(gateway.err().lines()).allMatch(line -> line.startsWith("["));
    }
  }

  @ParameterizedTest
  @CsvSource({"jetty,TERM", "jetty,INT", "tomcat,TERM"})
  void finishesTheRequestInHandWhenAskedToStop(String container, String signal) throws Exception {
    try (LaunchedGateway gateway =
        launch("site_module", "-b", "127.0.0.1:0", "--container", container, "-w", "1")) {
      int port = gateway.port();
      List<Long> workers = gateway.process.descendants().map(ProcessHandle::pid).toList();
      assertThat(workers).isNotEmpty();
      CompletableFuture<HttpResponse<String>> slow =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/slow")).build(),
              HttpResponse.BodyHandlers.ofString());
      await().until(() -> Files.exists(folder.resolve("in-hand")));
      gateway.signal(signal);
      await().until(() -> gateway.err().contains("Handling signal"));
      assertThat(gateway.process.isAlive()).isTrue();
      Files.createFile(folder.resolve("go-on"));
      assertThat(slow.get(20, TimeUnit.SECONDS).body()).startsWith("|/slow|");
      assertThat(gateway.exitCode()).isZero();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> workers.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
    }
  }

  @Test
  void replacesTheWorkersOnHangUp() throws Exception {
    try (LaunchedGateway gateway = launch("site_module", "-b", "127.0.0.1:0", "-w", "1")) {
      int port = gateway.port();
      assertThat(get(port, "/").body()).startsWith("|/|");
      Files.writeString(
          folder.resolve("site_module.py"), MODULE.replace("environ[\"REMOTE_ADDR\"]", "\"new\""));
      gateway.signal("HUP");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(get(port, "/").body()).startsWith("|/|new"));
    }
  }

  @Test
  void replacesTheWorkersWhenASourceFileChanges() throws Exception {
    Path settings = Files.writeString(folder.resolve("settings.toml"), "a = 1\n");
    try (LaunchedGateway gateway =
        launch(
            "site_module",
            "-b",
            "127.0.0.1:0",
            "-w",
            "1",
            "--reload",
            "--reload-extra-file",
            settings.toString())) {
      int port = gateway.port();
      assertThat(get(port, "/").body()).startsWith("|/|127");
      Files.writeString(folder.resolve("site_module.py"), "import nothing_of_that_name\n");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> gateway.err().contains("No module named 'nothing_of_that_name'"));
      assertThat(get(port, "/").body()).as("the old worker stays").startsWith("|/|127");
      Files.writeString(
          folder.resolve("site_module.py"), MODULE.replace("environ[\"REMOTE_ADDR\"]", "\"new\""));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(get(port, "/").body()).startsWith("|/|new"));
      long before = gateway.err().split("Source files have changed", -1).length;
      Files.writeString(settings, "a = 22\n");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> gateway.err().split("Source files have changed", -1).length > before);
    }
  }

  @Test
  void exitsWith3AndTheTracebackWhenAnApplicationDoesNotStart() throws Exception {
    try (LaunchedGateway gateway = launch("broken", "-b", "127.0.0.1:0")) {
      assertThat(gateway.exitCode()).isEqualTo(3);
      assertThat(gateway.err()).contains("Traceback").contains("RuntimeError: boom");
    }
  }

  @Test
  void checksTheConfiguration() throws Exception {
    try (LaunchedGateway good =
            launch(
                "--check-config",
                "site_module",
                "-b",
                "unix:g.sock",
                "-e",
                "KEY=secret",
                "--forwarded-hops",
                "2");
        LaunchedGateway bad = launch("--check-config", "broken")) {
      assertThat(good.exitCode()).isZero();
      assertThat(good.out())
          .contains("mount = /=site_module", "bind = unix:g.sock", "container = jetty")
          .contains("forwarded-allow-ips = 127.0.0.1,::1", "forwarded-hops = 2")
          .contains("forwarded-headers = any")
          .doesNotContain("secret");
      assertThat(bad.exitCode()).isEqualTo(3);
      assertThat(bad.err()).contains("RuntimeError: boom");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "tomcat"})
  void believesTheProxiesItIsToldAbout(String container) throws Exception {
    try (LaunchedGateway gateway =
        launch(
            "site_module",
            "-b",
            "127.0.0.1:0",
            "-w",
            "1",
            "--container",
            container,
            "--forwarded-allow-ips",
            "*",
            "--forwarded-hops",
            "2",
            "--forwarded-headers",
            "x-forwarded",
            "--access-logfile",
            "-")) {
      String[] headers = {
        "X-Forwarded-For", "6.6.6.6, 192.0.2.7, 192.0.2.8",
        "X-Forwarded-Prefix", "/shop",
        "Forwarded", "for=6.6.6.6",
      };
      assertThat(get(gateway.port(), "/x", headers).body()).startsWith("/shop|/x|192.0.2.7|");
      await().untilAsserted(() -> assertThat(gateway.out()).contains("192.0.2.7 - - ["));
    }
  }

  @Test
  void saysWhatIsWrongWithTheCommandLine() throws Exception {
    try (LaunchedGateway none = launch();
        LaunchedGateway unknown = launch("--nope", "site_module");
        LaunchedGateway container = launch("--container", "netty", "site_module");
        LaunchedGateway hops = launch("--forwarded-hops", "0", "site_module");
        LaunchedGateway address = launch("-b", "here:there", "site_module", "-w", "1")) {
      assertThat(none.exitCode()).isEqualTo(2);
      assertThat(none.err()).contains("No application");
      assertThat(unknown.exitCode()).isEqualTo(2);
      assertThat(unknown.err()).contains("--nope");
      assertThat(container.exitCode()).isEqualTo(2);
      assertThat(container.err()).contains("Use jetty or tomcat");
      assertThat(hops.exitCode()).isEqualTo(2);
      assertThat(hops.err()).contains("forwarded-hops is 0");
      assertThat(address.exitCode()).isEqualTo(2);
      assertThat(address.err()).contains("here:there");
    }
  }

  @Test
  void exitsWith1WhenTheAddressIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        LaunchedGateway gateway =
            launch("site_module", "-w", "1", "-b", "127.0.0.1:" + taken.getLocalPort())) {
      assertThat(gateway.exitCode()).isEqualTo(1);
      assertThat(gateway.err()).contains("The server does not start");
    }
  }

  @Test
  void listensAtThePortOfTheEnvironmentAsGunicornDoes() throws Exception {
    try (LaunchedGateway gateway =
        LaunchedGateway.launch(folder, Map.of("PORT", "0"), "site_module", "-w", "1")) {
      assertThat(get(gateway.port(), "/").statusCode()).isEqualTo(200);
      assertThat(gateway.err()).contains("http://0.0.0.0:");
    }
  }

  /** As docs/performance.md says. */
  @Test
  void startsWithTheClassesThatAnEarlierRunHasArchived() throws Exception {
    Path archive = folder.resolve("gangway.jsa");
    try (LaunchedGateway first =
        LaunchedGateway.launch(
            folder,
            Map.of(),
            List.of("-XX:ArchiveClassesAtExit=" + archive),
            "site_module",
            "--bind=127.0.0.1:0")) {
      assertThat(get(first.port(), "/").statusCode()).isEqualTo(200);
      first.signal("TERM");
      assertThat(first.exitCode()).isZero();
    }
    assertThat(archive).isNotEmptyFile();
    try (LaunchedGateway second =
        LaunchedGateway.launch(
            folder,
            Map.of(),
            List.of("-Xshare:on", "-Xlog:class+load", "-XX:SharedArchiveFile=" + archive),
            "site_module",
            "--bind=127.0.0.1:0")) {
      assertThat(get(second.port(), "/").statusCode()).isEqualTo(200);
      assertThat(second.out())
          .containsPattern("dev\\.gangway\\.python\\.SharedSlots source: shared objects file");
    }
  }

  /** With the options of docs/performance.md. */
  @Test
  void servesWithLittleMemory() throws Exception {
    try (LaunchedGateway gateway =
        LaunchedGateway.launch(
            folder,
            Map.of(),
            List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=48m", "-Xss512k"),
            "site_module",
            "--bind=127.0.0.1:0")) {
      assertThat(get(gateway.port(), "/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void printsHelpAndVersion() throws Exception {
    try (LaunchedGateway help = launch("--help");
        LaunchedGateway version = launch("--version")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.out()).contains("--bind", "--workers", "--static-map", "--check-config");
      assertThat(version.exitCode()).isZero();
      assertThat(version.out()).startsWith("gangway ");
    }
  }
}
