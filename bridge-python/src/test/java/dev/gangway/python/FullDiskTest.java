package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.conformance.Leftovers;
import dev.gangway.python.conformance.Pythons;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * No room on disk or in shared memory. A server that may not write long files fails where one on a
 * full disk does, and needs no file system of its own.
 */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {

  /** The server: posts a body that does not fit, and another request. */
  static final class Server {
    private Server() {}

    public static void main(String[] arguments) throws Exception {
      var before = Leftovers.count(List.of());
      try (PythonApplication application =
          Pythons.fixture("application").slots(Integer.parseInt(arguments[0])).start()) {
        // Longer than what is kept in shared memory.
        byte[] body = new byte[6_000_000];
        System.out.println(BlockingCall.post(application, "/echo", body).status());
        System.out.println(BlockingCall.get(application, "/hello").status());
        System.out.println(BlockingCall.post(application, "/echo", new byte[100_000]).status());
        System.out.println(application.requestsInHand());
      } catch (PythonStartException e) {
        System.out.println(e.getMessage());
      }
      System.out.println(Leftovers.count(List.of()).equals(before) ? "clean" : "left behind");
    }
  }

  /** What the server prints if no file may be longer than so many KiB. */
  private static List<String> run(int limit, int slots) throws Exception {
    Process server =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f " + limit + "; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                String.valueOf(slots))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      List<String> said =
          new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      assertThat(server.waitFor()).isZero();
      return said;
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void aBodyThatCannotBeKeptIsA500AndNothingIsLeftOfIt() throws Exception {
    assertThat(run(4000, 16)).containsExactly("500 ", "200 OK", "200 OK", "0", "clean");
  }

  @Test
  void anApplicationThatFindsNoRoomForItsSlotsDoesNotStartAndSaysWhy() throws Exception {
    List<String> said = run(4000, 256);
    assertThat(said).hasSize(2).last().isEqualTo("clean");
    assertThat(said.get(0)).contains("16781312 bytes", "/slots", "slots", "slot-size");
  }
}
