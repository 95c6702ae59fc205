package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.conformance.Pythons;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is killed: its workers end, whatever they are doing. */
@EnabledOnOs(OS.LINUX)
class KilledServerTest {

  /** The server to be killed: its workers are idle, in an endless loop, and stuck in C. */
  static final class Server {
    private Server() {}

    public static void main(String[] arguments) throws Exception {
      PythonApplication application =
          Pythons.fixture("application")
              .workers(3)
              .preload(Boolean.parseBoolean(arguments[0]))
              .start();
      for (String path : List.of("/spins", "/stuck_in_c")) {
        Thread caller =
            new Thread(
                () -> {
                  try {
                    BlockingCall.get(application, path);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
        caller.setDaemon(true);
        caller.start();
      }
      // The third answers, so the other two have taken theirs.
      BlockingCall.get(application, "/hello");
      System.out.println(
          ProcessHandle.current()
              .descendants()
              .map(ProcessHandle::pid)
              .toList()
              .toString()
              .replaceAll("[^0-9 ]", ""));
      Thread.currentThread().join();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void workersEndWithTheirServerAlsoInALoopOrStuckInC(boolean preload) throws Exception {
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                Boolean.toString(preload))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      assertThat(line).isNotNull();
      List<ProcessHandle> workers =
          Stream.of(line.split(" "))
              .map(pid -> ProcessHandle.of(Long.parseLong(pid)).get())
              .toList();
      assertThat(workers).hasSize(preload ? 4 : 3).allMatch(ProcessHandle::isAlive);
      server.destroyForcibly().waitFor();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      server.destroyForcibly();
    }
  }
}
