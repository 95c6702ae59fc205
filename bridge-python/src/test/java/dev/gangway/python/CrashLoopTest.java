package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.Header;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that die again and again as they start. */
class CrashLoopTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private PythonApplication start(int workers, PythonListener listener) throws Exception {
    Files.writeString(
        folder.resolve("site_module.py"),
        """
        import os, pathlib, signal, sys, threading
        here = pathlib.Path(__file__).parent
        with open(here / "starts", "a") as starts:
            starts.write("x")
        if (here / "broken").exists():
            print("the database is away", file=sys.stderr)
            os._exit(9)
        if (here / "dies").exists():
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGKILL)).start()
        def application(environ, start_response):
            start_response("200 OK", [])
            return [b"ok"]
        """);
    return PythonApplication.builder("site_module")
        .chdir(folder)
        .env(Map.of("PYTHONDONTWRITEBYTECODE", "1"))
        .workers(workers)
        .listener(listener)
        .start();
  }

  private static void killAll(PythonApplication application) {
    application
        .workerPids()
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  private long starts() throws Exception {
    return Files.size(folder.resolve("starts"));
  }

  @Test
  void isReportedOnceAndAnsweredWith503UntilAWorkerServesAgain() throws Exception {
    Queue<PythonSnapshot.CrashLoop> began = new ConcurrentLinkedQueue<>();
    Queue<String> ended = new ConcurrentLinkedQueue<>();
    PythonListener listener =
        new PythonListener() {
          @Override
          public void crashLoopBegan(PythonSnapshot.CrashLoop loop) {
            began.add(loop);
          }

          @Override
          public void crashLoopEnded() {
            ended.add("ended");
          }
        };
    try (PythonApplication application = start(3, listener);
        CapturedLog log = CapturedLog.of("dev.gangway.python")) {
      assertThat(application.snapshot().crashLoop()).isNull();
      Path broken = Files.createFile(folder.resolve("broken"));
      killAll(application);
      await().atMost(SOON).until(() -> application.snapshot().crashLoop() != null);
      // Listeners hear of it a moment later.
      await().until(() -> !began.isEmpty());
      BlockingCall answer = BlockingCall.get(application, "/");
      assertThat(answer.status()).startsWith("503");
      assertThat(answer.headers()).extracting(Header::name).contains("Retry-After");
      assertThat(began)
          .singleElement()
          .satisfies(
              loop -> {
                assertThat(loop.failures()).isBetween(3, 12);
                assertThat(loop.lastFailure()).contains("exited with code 9");
              });
      assertThat(log.messages())
          .filteredOn(message -> message.startsWith("Crash loop: "))
          .singleElement()
          .asString()
          .contains(
              "workers of site_module died within",
              "exited with code 9 before it was ready",
              "the next try is in",
              "requests get 503",
              "the database is away");
      Files.delete(broken);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(application.snapshot().workers())
                      .hasSize(3)
                      .allMatch(worker -> worker.state() == PythonSnapshot.State.SERVING));
      assertThat(BlockingCall.get(application, "/").text()).isEqualTo("ok");
      assertThat(application.snapshot().crashLoop()).isNull();
      assertThat(ended).hasSize(1);
    }
  }

  @Test
  void doesNotBurnTheProcessor() throws Exception {
    try (PythonApplication application = start(4, new PythonListener() {})) {
      Files.createFile(folder.resolve("dies"));
      killAll(application);
      await().atMost(SOON).until(() -> application.snapshot().crashLoop() != null);
      long before = starts();
      await().pollDelay(Duration.ofSeconds(3)).atMost(SOON).until(() -> true);
      assertThat(starts() - before).as("one at a time, with growing pauses").isLessThan(6);
      assertThat(application.workerPids()).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void workersThatServeGoOnWhileOthersCannotStart() throws Exception {
    try (PythonApplication application = start(2, new PythonListener() {})) {
      List<Long> before = application.workerPids();
      Files.createFile(folder.resolve("broken"));
      ProcessHandle.of(before.get(0)).ifPresent(ProcessHandle::destroyForcibly);
      await().atMost(SOON).until(() -> application.snapshot().crashLoop() != null);
      assertThat(BlockingCall.get(application, "/").text()).isEqualTo("ok");
      assertThat(application.workerPids()).contains(before.get(1));
    }
  }
}
