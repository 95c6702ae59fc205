package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers are replaced without losing a request. */
class ReplacementTest {

  @TempDir private Path folder;

  /** Clients that go on until they are stopped; what is not 200 is a failure. */
  private static final class Load implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();

    Load(PythonApplication application, String path) {
      for (int i = 0; i < 4; i++) {
        Thread client = new Thread(() -> run(application, path));
        client.start();
        clients.add(client);
      }
    }

    private void run(PythonApplication application, String path) {
      while (!stopped.get()) {
        try {
          String status = BlockingCall.get(application, path).status();
          if (!status.equals("200 OK")) {
            failures.add(status);
          }
        } catch (Exception e) {
          failures.add(e.toString());
        }
        answers.incrementAndGet();
      }
    }

    void stop() {
      stopped.set(true);
      await().until(() -> clients.stream().noneMatch(Thread::isAlive));
    }

    @Override
    public void close() {
      stop();
      assertThat(failures).isEmpty();
      assertThat(answers.get()).isPositive();
    }
  }

  @Test
  void reloadUnderLoadLosesNoRequest() throws Exception {
    try (PythonApplication application = PythonApplicationTest.fixture("application").start()) {
      try (Load load = new Load(application, "/hello")) {
        for (int i = 0; i < 10; i++) {
          List<Long> before = application.workerPids();
          application.reload();
          await()
              .atMost(Duration.ofSeconds(20))
              .until(
                  () ->
                      application.workerPids().size() == 2
                          && application.workerPids().stream().noneMatch(before::contains));
        }
        assertThat(load.answers.get()).isPositive();
      }
    }
  }

  @Test
  void killedWorkersLoseOnlyWhatTheyHadInHand() throws Exception {
    int kills = 8;
    int threads = 2;
    try (PythonApplication application =
        PythonApplicationTest.fixture("application").threads(threads).start()) {
      Load load = new Load(application, "/hello");
      for (int i = 0; i < kills; i++) {
        long answers = load.answers.get();
        await().until(() -> load.answers.get() > answers + 100);
        List<Long> before = application.workerPids();
        ProcessHandle.of(before.get(0)).ifPresent(ProcessHandle::destroyForcibly);
        await()
            .until(
                () ->
                    application.workerPids().size() == 2
                        && !application.workerPids().contains(before.get(0)));
      }
      load.stop();
      assertThat(load.failures)
          .hasSizeLessThanOrEqualTo(kills * threads)
          .allMatch(failure -> failure.startsWith("502"));
      assertThat(application.requestsInHand()).isZero();
    }
  }

  @Test
  void sigtermToAWorkerOfSeveralThreadsLosesNoRequest() throws Exception {
    try (PythonApplication application =
        PythonApplicationTest.fixture("application").threads(3).start()) {
      try (Load load = new Load(application, "/sleeps?0.05")) {
        for (int i = 0; i < 4; i++) {
          List<Long> before = application.workerPids();
          ProcessHandle.of(before.get(0)).ifPresent(ProcessHandle::destroy);
          await()
              .atMost(Duration.ofSeconds(20))
              .until(
                  () ->
                      application.workerPids().size() == 2
                          && !application.workerPids().contains(before.get(0)));
        }
        assertThat(load.answers.get()).isPositive();
      }
    }
  }

  @Test
  void reloadTakesTheNewCodeAndKeepsTheOldWhereItDoesNotImport() throws Exception {
    Path module = folder.resolve("site_module.py");
    String code =
        "def application(environ, start_response):\n"
            + "    start_response('200 OK', [])\n"
            + "    return [b'%s']\n";
    Files.writeString(module, code.formatted("old"));
    try (PythonApplication application =
        PythonApplication.builder("site_module")
            .chdir(folder)
            .env(java.util.Map.of("PYTHONDONTWRITEBYTECODE", "1"))
            .workers(1)
            .start()) {
      assertThat(BlockingCall.get(application, "/").text()).isEqualTo("old");
      Files.writeString(module, code.formatted("newer"));
      application.reload();
      await().until(() -> application.workerPids().size() == 1);
      assertThat(BlockingCall.get(application, "/").text()).isEqualTo("newer");
      Files.writeString(module, "import nothing_of_that_name\n");
      assertThatThrownBy(application::reload)
          .isInstanceOf(PythonStartException.class)
          .hasMessageContaining("No module named 'nothing_of_that_name'");
      assertThat(BlockingCall.get(application, "/").text()).isEqualTo("newer");
      await().until(() -> application.workerPids().size() == 1);
    }
  }

  @Test
  void aWorkerIsReplacedAfterSoManyRequestsWithoutLosingOne() throws Exception {
    try (PythonApplication application =
        PythonApplicationTest.fixture("application")
            .maxRequests(50)
            .maxRequestsJitter(20)
            .start()) {
      List<Long> before = application.workerPids();
      try (Load load = new Load(application, "/hello")) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> application.workerPids().stream().noneMatch(before::contains));
        assertThat(load.answers.get()).isGreaterThan(50);
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> application.workerPids().size() == 2);
    }
  }

  @Test
  void aWorkerIsReplacedAfterItsLifetime() throws Exception {
    try (PythonApplication application =
        PythonApplicationTest.fixture("application")
            .workers(1)
            .maxWorkerLifetime(Duration.ofMillis(500))
            .start()) {
      List<Long> before = application.workerPids();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  !application.workerPids().isEmpty()
                      && application.workerPids().stream().noneMatch(before::contains));
      assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void aWorkerThatTakesTooMuchMemoryIsReplaced() throws Exception {
    try (PythonApplication application =
        PythonApplicationTest.fixture("application")
            .workers(1)
            .reloadOnRss(100L * 1024 * 1024)
            .start()) {
      List<Long> before = application.workerPids();
      assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
      assertThat(BlockingCall.get(application, "/keeps?200").status()).isEqualTo("200 OK");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  application.workerPids().size() == 1
                      && application.workerPids().stream().noneMatch(before::contains));
    }
  }

  @Test
  void aRequestThatTakesTooLongGets504AndItsWorkerIsReplaced() throws Exception {
    try (PythonApplication application =
        PythonApplicationTest.fixture("application")
            .workers(1)
            .timeout(Duration.ofSeconds(1))
            .start()) {
      for (String path : List.of("/sleeps?60", "/loops", "/stuck_in_c")) {
        List<Long> before = application.workerPids();
        assertThat(BlockingCall.get(application, path).status()).as(path).startsWith("504");
        assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () ->
                    application.workerPids().size() == 1
                        && application.workerPids().stream().noneMatch(before::contains));
      }
      assertThat(application.requestsInHand()).isZero();
    }
  }

  @Test
  void otherRequestsOfAWorkerThatTimesOutFinishFirst() throws Exception {
    try (PythonApplication application =
        PythonApplicationTest.fixture("application")
            .workers(1)
            .threads(2)
            .timeout(Duration.ofSeconds(2))
            .start()) {
      Thread stuck =
          new Thread(
              () -> {
                try {
                  BlockingCall.get(application, "/sleeps?60");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      stuck.start();
      await().until(() -> application.requestsInHand() == 1);
      // Streams for three seconds, so that it is in hand when the other times out.
      assertThat(BlockingCall.get(application, "/slow_stream?30").text()).endsWith("chunk 29\n");
      stuck.join();
    }
  }

  @Test
  void aSlowClientIsNoReasonForATimeout() throws Exception {
    try (PythonApplication application =
        PythonApplicationTest.fixture("application")
            .workers(1)
            .timeout(Duration.ofSeconds(1))
            .start()) {
      BlockingCall.SlowReader reader = new BlockingCall.SlowReader(application, "/stream?5");
      await().pollDelay(Duration.ofMillis(2500)).until(() -> true);
      assertThat(reader.rest()).endsWith("chunk 4\n");
    }
  }

  @Test
  void aWorkerThatDiesWhileItsSuccessorStartsIsReplacedOnce() throws Exception {
    Files.writeString(
        folder.resolve("slow_to_start.py"),
        """
        import os, pathlib, time
        here = pathlib.Path(__file__).parent
        first = not list(here.glob("start-*"))
        (here / ("start-%d" % os.getpid())).touch()
        while not first and not (here / "go").exists():
            time.sleep(0.01)
        def application(environ, start_response):
            start_response("200 OK", [])
            return [b"ok"]
        """);
    try (PythonApplication application =
        PythonApplication.builder("slow_to_start")
            .chdir(folder)
            .workers(1)
            .maxRequests(3)
            .start()) {
      long first = application.workerPids().get(0);
      for (int i = 0; i < 3; i++) {
        assertThat(BlockingCall.get(application, "/").status()).isEqualTo("200 OK");
      }
      await().until(() -> starts() == 2);
      ProcessHandle.of(first).orElseThrow().destroyForcibly();
      await().until(() -> !application.workerPids().contains(first));
      await().during(Duration.ofMillis(600)).until(() -> starts() == 2);
      Files.createFile(folder.resolve("go"));
      assertThat(BlockingCall.get(application, "/").status()).isEqualTo("200 OK");
      assertThat(application.workerPids()).hasSize(1);
    }
  }

  private long starts() throws java.io.IOException {
    try (var files = Files.newDirectoryStream(folder, "start-*")) {
      return java.util.stream.StreamSupport.stream(files.spliterator(), false).count();
    }
  }
}
