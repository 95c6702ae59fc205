package dev.gangway.python;

import static dev.gangway.python.HostileWorkerTest.awaitOthersThan;
import static dev.gangway.python.HostileWorkerTest.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.conformance.Leftovers;
import dev.gangway.python.conformance.Pythons;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad days that no other test has: what the client gets, that the next request works, and that
 * nothing is left behind. See docs/faults.md.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class FaultTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private Map<String, Long> before;
  private CapturedLog log;

  @BeforeEach
  void countBefore() throws Exception {
    log = CapturedLog.of("");
    before = Leftovers.count(List.of());
  }

  @AfterEach
  void nothingIsLeftBehind() {
    log.close();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(Leftovers.count(List.of())).isEqualTo(before));
  }

  private static PythonApplication.Builder application() {
    return Pythons.fixture("hostile:application");
  }

  private static void theNextRequestWorks(PythonApplication application) throws Exception {
    assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
    assertThat(application.requestsInHand()).isZero();
  }

  private static void signal(String name, long process) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process)).start().waitFor();
  }

  private void awaitLog(String... parts) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(log.messages())
                    .anySatisfy(message -> assertThat(message).contains(parts)));
  }

  @Test
  void aWorkerThatIsStoppedInARequestGives504AndIsReplaced() throws Exception {
    try (PythonApplication application = application().timeout(Duration.ofSeconds(1)).start()) {
      List<Long> workers = application.workerPids();
      CompletableFuture<String> request = status(application, "/sleeps?0.5");
      await().until(() -> application.snapshot().workers().get(0).running() == 1);
      signal("STOP", workers.get(0));
      assertThat(request.get(20, TimeUnit.SECONDS)).startsWith("504");
      awaitOthersThan(workers, application);
      theNextRequestWorks(application);
      awaitLog("504 for", "was silent for more than");
    }
  }

  @Test
  void anIdleWorkerThatIsStoppedTakesNoRequestAndGoesOn() throws Exception {
    try (PythonApplication application =
        application().queueTimeout(Duration.ofMillis(300)).start()) {
      List<Long> workers = application.workerPids();
      signal("STOP", workers.get(0));
      assertThat(BlockingCall.get(application, "/hello").status()).startsWith("503");
      signal("CONT", workers.get(0));
      await()
          .atMost(SOON)
          .until(() -> BlockingCall.get(application, "/hello").status().equals("200 OK"));
      assertThat(application.workerPids()).isEqualTo(workers);
    }
    try (PythonApplication application = application().workers(2).start()) {
      signal("STOP", application.workerPids().get(0));
      for (int i = 0; i < 20; i++) {
        theNextRequestWorks(application); // the other takes them all
      }
      signal("CONT", application.workerPids().get(0));
    }
  }

  @Test
  void memoryThatTheLimitDoesNotGrantIsAFailureOfThisRequestAlone() throws Exception {
    try (PythonApplication application = application().limitAs(1L << 30).start()) {
      List<Long> workers = application.workerPids();
      for (int i = 0; i < 3; i++) {
        assertThat(BlockingCall.get(application, "/takes_all_memory").status()).startsWith("500");
        theNextRequestWorks(application);
      }
      assertThat(application.workerPids()).isEqualTo(workers);
      awaitLog("MemoryError", "takes_all_memory");
    }
  }

  @Test
  void aSegmentationFaultIs502AndItsSignalIsLogged() throws Exception {
    try (PythonApplication application = application().start()) {
      List<Long> workers = application.workerPids();
      assertThat(BlockingCall.get(application, "/segfaults").status()).startsWith("502");
      awaitOthersThan(workers, application);
      theNextRequestWorks(application);
      awaitLog("502 for", "was killed by signal 11");
    }
  }

  @Test
  void whatIsStuckIs504AndItsStackIsLogged() throws Exception {
    try (PythonApplication application = application().timeout(Duration.ofSeconds(1)).start()) {
      for (String name : List.of("locks_twice", "loops", "stuck_in_c")) {
        List<Long> workers = application.workerPids();
        assertThat(BlockingCall.get(application, "/" + name).status()).startsWith("504");
        awaitOthersThan(workers, application);
        theNextRequestWorks(application);
        awaitLog("Stacks of worker", "in " + name);
      }
    }
  }

  @Test
  void aFloodOfLogLinesArrivesWholeAndHoldsUpNobody() throws Exception {
    int lines = 10_000;
    try (PythonApplication application = application().workers(2).start()) {
      long begun = System.nanoTime();
      CompletableFuture<String> flood = status(application, "/logs_much?" + lines);
      while (!flood.isDone()) {
        theOthersWork(application);
      }
      assertThat(flood.get()).isEqualTo("200 OK");
      await()
          .atMost(SOON)
          .until(() -> log.messages().stream().anyMatch(m -> m.endsWith("line " + (lines - 1))));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      assertThat(
              log.messages().stream()
                  .filter(message -> message.matches("(?s).*: line \\d+"))
                  .map(message -> Integer.parseInt(message.replaceAll("(?s).* ", "")))
                  .toList())
          .isEqualTo(IntStream.range(0, lines).boxed().toList());
    }
  }

  private static void theOthersWork(PythonApplication application) throws Exception {
    assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
  }

  private Path script(String text) throws Exception {
    Path script = Files.writeString(folder.resolve("interpreter"), text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  @Test
  void anInterpreterThatIsTooOldIsNamedWithItsVersion() throws Exception {
    Path old =
        script(
            """
            #!/bin/sh
            exec %s -c "
            import sys, runpy
            sys.version_info, sys.version = (3, 6, 9, 'final', 0), '3.6.9 (default)'
            sys.argv = sys.argv[1:]
            runpy.run_path(sys.argv[0], run_name='__main__')
            " "$@"
            """
                .formatted(Pythons.interpreter()));
    assertThatThrownBy(() -> application().python(old.toString()).start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("Gangway needs Python 3.9 or newer, and this is 3.6.9");
  }

  @Test
  void anInterpreterThatIsNoPythonIsNamed() throws Exception {
    for (String program : List.of("/bin/true", "/bin/echo")) {
      assertThatThrownBy(() -> application().python(program).start())
          .isInstanceOf(PythonStartException.class)
          .hasMessageContaining("is " + program + " a Python of version 3.9 or newer?");
    }
    Path shell = script("#!/bin/sh\necho 'no such thing' >&2\nexit 5\n");
    assertThatThrownBy(() -> application().python(shell.toString()).start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("exited with code 5")
        .hasMessageContaining("no such thing");
  }

  @Test
  void aFolderThatIsDeletedIsNamedWhenAWorkerIsToBeReplaced() throws Exception {
    for (String file : List.of("gangway_worker", "slots")) {
      try (PythonApplication application = application().start()) {
        Path removed = remove(application, file);
        theNextRequestWorks(application); // those that run go on
        long worker = application.workerPids().get(0);
        signal("KILL", worker);
        await().atMost(SOON).until(() -> application.snapshot().crashLoop() != null);
        awaitLog("somebody has removed " + removed, "Restart the application");
        long begun = System.nanoTime();
        assertThat(BlockingCall.get(application, "/hello").status()).startsWith("503");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(application::reload).hasMessageContaining("somebody has removed");
      }
    }
  }

  /** Removes the folder of the file or folder with the given name. */
  private static Path remove(PythonApplication application, String name) throws Exception {
    List<Path> parents =
        List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")));
    String own = "gangway-" + ProcessHandle.current().pid() + "-*";
    for (Path parent : parents) {
      try (var folders = Files.newDirectoryStream(parent, own)) {
        for (Path found : folders) {
          if (Files.exists(found.resolve(name))) {
            new ProcessBuilder("rm", "-r", found.toString()).start().waitFor();
            Path removed = found.resolve(name);
            return name.equals("slots") ? removed : removed.resolve("__main__.py");
          }
        }
      }
    }
    throw new AssertionError("No folder of " + application + " has " + name);
  }
}
