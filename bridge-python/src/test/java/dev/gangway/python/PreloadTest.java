package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One process imports the application and forks the workers. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class PreloadTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long TABLE = 60L * 1024 * 1024;

  @TempDir private Path folder;

  @BeforeEach
  void writeApplication() throws Exception {
    Files.writeString(
        folder.resolve("site_module.py"),
        """
        import logging, os, pathlib, resource, signal, sys, time
        here = pathlib.Path(__file__).parent
        version = (here / "version").read_text()
        with open(here / "imports", "a") as imports:
            imports.write("x")
        # A million objects, which collections and reference counts would make private again.
        table = [str(number) for number in range(1_000_000)]
        time.sleep(float(os.environ.get("IMPORT_SECONDS", "0")))
        if version == "fails":
            raise ValueError("this version fails")
        def application(environ, start_response):
            path = environ["PATH_INFO"]
            if path == "/exits":
                os._exit(7)
            if path == "/dies":
                os.kill(os.getpid(), signal.SIGKILL)
            if path == "/logs":
                logging.getLogger("site").warning("logged by %d", os.getpid())
                print("printed by", os.getpid(), file=sys.stderr)
            umask = os.umask(0)
            os.umask(umask)
            files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            start_response("200 OK", [])
            return [("%d %d %s %d %o %d" % (
                os.getpid(), os.getppid(), version, os.getuid(), umask, files)).encode()]
        """);
    write("1");
  }

  private void write(String version) throws Exception {
    Files.writeString(folder.resolve("version"), version);
  }

  private PythonApplication.Builder site(boolean preload) {
    return PythonApplication.builder("site_module")
        .chdir(folder)
        .env(Map.of("PYTHONDONTWRITEBYTECODE", "1"))
        .workers(2)
        .preload(preload);
  }

  private static String[] get(PythonApplication application, String path) throws Exception {
    BlockingCall answer = BlockingCall.get(application, path);
    assertThat(answer.status()).isEqualTo("200 OK");
    return answer.text().split(" ");
  }

  private static long parent(PythonApplication application) throws Exception {
    return Long.parseLong(get(application, "/")[1]);
  }

  private static void kill(long pid) {
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  private static void awaitEnd(long pid) {
    await().atMost(SOON).until(() -> ProcessHandle.of(pid).isEmpty());
  }

  private long imports() throws Exception {
    return Files.size(folder.resolve("imports"));
  }

  /** Bytes of memory that no other process shares. */
  private static long privateBytes(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
            .filter(line -> line.startsWith("Private_"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        * 1024;
  }

  @Test
  void workersShareWhatWasImportedOnce() throws Exception {
    long shared;
    try (PythonApplication application = site(true).start()) {
      assertThat(imports()).isEqualTo(1);
      for (int i = 0; i < 20; i++) {
        get(application, "/");
      }
      shared = privateBytes(application.workerPids().get(0));
    }
    try (PythonApplication application = site(false).workers(1).start()) {
      get(application, "/");
      long alone = privateBytes(application.workerPids().get(0));
      System.out.println("private memory of a worker: " + alone + ", preloaded: " + shared);
      assertThat(alone).isGreaterThan(TABLE);
      assertThat(shared).isLessThan(TABLE / 4);
    }
  }

  @Test
  void aWorkerIsReplacedWithoutAnotherImport() throws Exception {
    Map<String, String> slow = Map.of("IMPORT_SECONDS", "2", "PYTHONDONTWRITEBYTECODE", "1");
    try (PythonApplication application = site(true).workers(1).env(slow).start()) {
      for (int i = 0; i < 5; i++) {
        get(application, "/");
        long worker = application.workerPids().get(0);
        long begin = System.nanoTime();
        kill(worker);
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .atMost(SOON)
            .until(
                () ->
                    application.snapshot().workers().stream()
                        .anyMatch(
                            one ->
                                one.pid() != worker
                                    && one.state() == PythonSnapshot.State.SERVING));
        long millis = (System.nanoTime() - begin) / 1_000_000;
        System.out.println("a preloaded worker was replaced in " + millis + " ms");
        assertThat(millis).as("milliseconds").isLessThan(1500);
      }
      assertThat(imports()).isEqualTo(1);
    }
  }

  @Test
  void tellsHowAWorkerEnded() throws Exception {
    Queue<String> ends = new ConcurrentLinkedQueue<>();
    PythonListener listener =
        new PythonListener() {
          @Override
          public void workerEnded(EndedWorker worker) {
            ends.add(worker.how());
          }
        };
    try (PythonApplication application = site(true).workers(1).listener(listener).start()) {
      get(application, "/");
      assertThat(BlockingCall.get(application, "/exits").status()).startsWith("502");
      await().atMost(SOON).until(() -> ends.contains("exited with code 7"));
      get(application, "/");
      assertThat(BlockingCall.get(application, "/dies").status()).startsWith("502");
      await().atMost(SOON).until(() -> ends.contains("was killed by signal 9"));
      get(application, "/");
    }
  }

  @Test
  void workersLogAndPrintAsOthersDo() throws Exception {
    try (CapturedLog log = CapturedLog.of("");
        PythonApplication application = site(true).start()) {
      String pid = get(application, "/logs")[0];
      await()
          .atMost(SOON)
          .until(
              () ->
                  log.messages().stream()
                      .anyMatch(message -> message.endsWith("logged by " + pid)));
      await()
          .atMost(SOON)
          .until(
              () ->
                  log.messages().stream()
                      .anyMatch(message -> message.endsWith("printed by " + pid)));
    }
  }

  @Test
  void aParentThatDiesIsReplacedWithItsWorkersAndNoRequestIsLost() throws Exception {
    try (PythonApplication application = site(true).start()) {
      long parent = parent(application);
      List<Long> before = application.workerPids();
      kill(parent);
      await()
          .atMost(SOON)
          .until(
              () -> {
                get(application, "/");
                return application.workerPids().size() == 2
                    && application.workerPids().stream().noneMatch(before::contains);
              });
      assertThat(parent(application)).isNotEqualTo(parent);
      assertThat(imports()).isEqualTo(2);
      before.forEach(PreloadTest::awaitEnd);
    }
  }

  @Test
  void reloadImportsTheNewCodeAndTheOldParentEndsWithItsWorkers() throws Exception {
    try (PythonApplication application = site(true).start()) {
      long old = parent(application);
      List<Long> before = application.workerPids();
      write("2");
      application.reload();
      awaitEnd(old);
      before.forEach(PreloadTest::awaitEnd);
      assertThat(get(application, "/")[2]).isEqualTo("2");
      long current = parent(application);
      write("fails");
      assertThatThrownBy(application::reload).hasMessageContaining("this version fails");
      assertThat(get(application, "/")[2]).isEqualTo("2");
      assertThat(parent(application)).isEqualTo(current);
      kill(application.workerPids().get(0));
      await().atMost(SOON).until(() -> application.workerPids().size() == 2);
      for (int i = 0; i < 5; i++) {
        assertThat(get(application, "/")[2]).as("the parent has the old code").isEqualTo("2");
      }
    }
  }

  @Test
  void closingLeavesNoProcess() throws Exception {
    long parent;
    List<Long> workers;
    try (PythonApplication application = site(true).start()) {
      parent = parent(application);
      workers = application.workerPids();
    }
    assertThat(ProcessHandle.of(parent)).isEmpty();
    workers.forEach(worker -> assertThat(ProcessHandle.of(worker)).isEmpty());
  }

  @Test
  void anImportThatFailsFailsTheStart() throws Exception {
    write("fails");
    assertThatThrownBy(() -> site(true).start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("Traceback")
        .hasMessageContaining("this version fails");
  }

  @Test
  void aParentThatCannotImportAnyMoreIsACrashLoopWhileItsWorkersServe() throws Exception {
    try (PythonApplication application = site(true).start()) {
      long parent = parent(application);
      List<Long> before = application.workerPids();
      write("fails");
      kill(parent);
      await().atMost(SOON).until(() -> application.snapshot().crashLoop() != null);
      assertThat(application.snapshot().crashLoop().lastFailure()).contains("was not ready");
      assertThat(get(application, "/")[2]).isEqualTo("1");
      assertThat(application.workerPids()).isEqualTo(before);
      kill(before.get(0));
      kill(before.get(1));
      await()
          .atMost(SOON)
          .until(() -> BlockingCall.get(application, "/").status().startsWith("503"));
      write("3");
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> BlockingCall.get(application, "/").status().equals("200 OK"));
      assertThat(get(application, "/")[2]).isEqualTo("3");
    }
  }

  @Test
  void eachForkedWorkerIsRehearsed() throws Exception {
    try (PythonApplication application = site(true).rehearsal("/").start()) {
      get(application, "/");
    }
    assertThatThrownBy(() -> site(true).rehearsal("/exits").start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("exited with code 7 before it was ready");
  }

  @Test
  void limitsAndUmaskHoldForForkedWorkers() throws Exception {
    try (PythonApplication application =
        site(true).threads(2).umask("027").limitNofile(200).start()) {
      String[] answer = get(application, "/");
      assertThat(answer[4]).isEqualTo("27");
      assertThat(answer[5]).isEqualTo("200");
    }
  }

  @Test
  void forkedWorkersRunAsTheirUser() throws Exception {
    assumeTrue(
        Files.getOwner(Path.of("/proc/self")).getName().equals("root"), "only root can be another");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (PythonApplication application =
        site(true)
            .user("nobody")
            .python("/usr/bin/python3")
            .timeout(Duration.ofSeconds(5))
            .start()) {
      for (int i = 0; i < 3; i++) {
        assertThat(get(application, "/")[3]).isEqualTo("65534");
        List<Long> before = application.workerPids();
        kill(before.get(0));
        await()
            .atMost(SOON)
            .until(
                () ->
                    application.workerPids().size() == 2
                        && !application.workerPids().equals(before));
      }
    }
  }
}
