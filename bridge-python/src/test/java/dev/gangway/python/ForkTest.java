package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.conformance.Pythons;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications that fork: the child never answers, and the parent always does. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ForkTest {

  @TempDir private Path folder;

  private static long copies() {
    return ProcessHandle.current().descendants().count();
  }

  @ParameterizedTest
  @CsvSource({
    "returning, parent, 1, true",
    "reading, parent, 1, true",
    "streaming, first parent, 1, true",
    "writing, first parent, 1, true",
    "closing, parent, 1, true",
    "raising, parent, 1, false",
    "leaving, parent, 3, false"
  })
  void theChildEndsAndTheParentAloneAnswers(
      String how, String answer, String code, boolean isWarned) throws Exception {
    for (int threads : new int[] {1, 2}) {
      try (PythonApplication application =
              Pythons.fixture("hostile:application").threads(threads).start();
          CapturedLog log = CapturedLog.of("")) {
        for (int i = 0; i < 5; i++) {
          assertThat(BlockingCall.get(application, "/forks_and_returns?" + how).text())
              .isEqualTo(answer);
          if (!how.equals("closing")) { // that comes after the answer
            assertThat(BlockingCall.get(application, "/children").text()).isEqualTo(code);
          }
        }
        assertThat(application.workerPids()).hasSize(1);
        String warning = isWarned ? "A child is to end with os._exit" : "in the child";
        if (!how.equals("leaving")) {
          await()
              .untilAsserted(
                  () ->
                      assertThat(log.messages())
                          .filteredOn(message -> message.contains(warning))
                          .hasSize(5));
        }
        assertThat(log.messages())
            .noneMatch(message -> message.contains("outside its application"));
      }
    }
  }

  @Test
  void aChildInItsCallEndsWithItsWorker() throws Exception {
    try (PythonApplication application = Pythons.fixture("hostile:application").start();
        CapturedLog log = CapturedLog.of("dev.gangway.python")) {
      long child = Long.parseLong(BlockingCall.get(application, "/forks_and_stays").text());
      List<Long> before = application.workerPids();
      ProcessHandle.of(before.get(0)).orElseThrow().destroyForcibly();
      HostileWorkerTest.awaitOthersThan(before, application);
      await().atMost(Duration.ofSeconds(10)).until(() -> ProcessHandle.of(child).isEmpty());
      assertThat(log.messages())
          .anyMatch(message -> message.contains("outlived it and were killed"));
      assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void whatTheStandardLibraryForksAndRunsWorks() throws Exception {
    try (PythonApplication application = Pythons.fixture("hostile:application").start();
        CapturedLog log = CapturedLog.of("")) {
      for (int i = 0; i < 3; i++) {
        assertThat(BlockingCall.get(application, "/uses_processes").text())
            .isEqualTo("[0, 1, 4, 9, 16] queued 0 0 program");
      }
      assertThat(log.messages()).noneMatch(message -> message.contains("forked"));
    }
  }

  @Test
  void aChildThatIsTerminatedAsSoonAsItIsThereEnds() throws Exception {
    try (PythonApplication application = Pythons.fixture("hostile:application").start()) {
      assertThat(BlockingCall.get(application, "/ends_children_at_once").text())
          .isEqualTo("0 left");
    }
  }

  @Test
  void aChildThatComesBackFromTheImportIsNoWorker() throws Exception {
    Files.writeString(
        folder.resolve("forks_at_import.py"),
        """
        import os
        child = os.fork()
        if child:
            _, status = os.waitpid(child, 0)
        def application(environ, start_response):
            start_response("200 OK", [])
            return [b"%d" % os.WEXITSTATUS(status)]
        """);
    long before = copies();
    for (boolean preload : new boolean[] {false, true}) {
      try (PythonApplication application =
          PythonApplication.builder("forks_at_import")
              .chdir(folder)
              .python(Pythons.interpreter())
              .preload(preload)
              .workers(1)
              .start()) {
        assertThat(BlockingCall.get(application, "/").text()).isEqualTo("1");
      }
    }
    assertThat(copies()).isEqualTo(before);
  }

  @Test
  void aChildThatLeavesFromTheImportIsNoFailure() throws Exception {
    Files.writeString(
        folder.resolve("leaves_at_import.py"),
        """
        import os, sys
        if os.fork() == 0:
            sys.exit(0)
        os.wait()
        if os.fork() == 0:
            raise ValueError("in the child")
        os.wait()
        def application(environ, start_response):
            start_response("200 OK", [])
            return [b"served"]
        """);
    try (PythonApplication application =
        PythonApplication.builder("leaves_at_import").chdir(folder).workers(1).start()) {
      assertThat(BlockingCall.get(application, "/").text()).isEqualTo("served");
    }
    assertThatThrownBy(
            () -> PythonApplication.builder("leaves_at_import:absent").chdir(folder).start())
        .hasMessageContaining("absent");
  }
}
