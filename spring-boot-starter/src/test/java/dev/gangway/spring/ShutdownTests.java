package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.PythonApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a graceful shutdown does to requests and workers, in each web server. */
abstract class ShutdownTests {

  private final Class<?> server;

  ShutdownTests(Class<?> server) {
    this.server = server;
  }

  @Test
  void aRequestInHandIsAnsweredNewOnesAreRefusedAndNoProcessIsLeft() throws Exception {
    List<String> properties =
        new ArrayList<>(
            List.of(RunningApplication.fixture("shop", "/shop", "fixtures:by_path", "threads=2")));
    properties.addAll(
        List.of(
            RunningApplication.fixture("forked", "/forked", "fixtures:by_path", "preload=true")));
    properties.add("server.shutdown=graceful");
    RunningApplication application =
        RunningApplication.start(server, List.of(), properties.toArray(String[]::new));
    List<ProcessHandle> processes = processes();
    assertThat(processes).hasSizeGreaterThanOrEqualTo(3);
    int port = application.port();
    PythonApplication shop = python(application, "shop");

    CompletableFuture<HttpResponse<String>> slow = application.getLater("/shop/sleeps?2");
    await().until(() -> shop.snapshot().running() == 1);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(application::close);
    await().pollInterval(Duration.ofMillis(20)).until(() -> isRefused(port));
    assertThat(slow).isNotDone();
    assertThat(shop.workerPids()).hasSize(1);

    assertThat(slow.join().statusCode()).isEqualTo(200);
    assertThat(slow.join().body()).isEqualTo("slept");
    closed.join();
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(processes()).isEmpty();
  }

  /** Containers refuse connections, or leave them to the kernel, or answer 503. */
  private static boolean isRefused(int port) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/shop/hello"))
            .timeout(Duration.ofMillis(300))
            .build();
    try {
      return HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 503;
    } catch (IOException e) {
      return true;
    }
  }

  private static PythonApplication python(RunningApplication application, String name) {
    return application.context().getBean(GatewayMounts.class).python().stream()
        .filter(mount -> mount.name().equals(name))
        .map(PythonMount::application)
        .findFirst()
        .orElseThrow();
  }

  /** The Python processes that this one has started, and theirs. */
  private static List<ProcessHandle> processes() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().command().orElse("").contains("python"))
        .toList();
  }
}
