package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class IsolationTest {

  private static PythonApplication.Builder identity() throws IOException {
    // The checkout may be in a folder that only its owner can enter.
    Path folder = Files.createTempDirectory("gangway-test");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(Path.of("src/test/python/fixtures.py"), folder.resolve("fixtures.py"));
    folder.resolve("fixtures.py").toFile().deleteOnExit();
    folder.toFile().deleteOnExit();
    return PythonApplication.builder("fixtures:identity").chdir(folder).workers(1);
  }

  @Test
  void limitsAndUmaskHoldForTheWorkerAlone() throws Exception {
    try (PythonApplication application =
        identity()
            .umask("027")
            .limitAs(1L << 31)
            .limitNofile(200)
            .limitCpu(1000)
            .env(java.util.Map.of("PYTHONDONTWRITEBYTECODE", "1"))
            .start()) {
      assertThat(BlockingCall.get(application, "/").text())
          .contains(" 27 [2147483648, 200, 1000] ");
    }
  }

  @Test
  void anotherUserReadsBodiesOfEverySize() throws Exception {
    assumeTrue(
        Files.getOwner(Path.of("/proc/self")).getName().equals("root"), "only root can be another");
    try (PythonApplication application =
        identity()
            .user("nobody")
            .python("/usr/bin/python3")
            .env(java.util.Map.of("PYTHONDONTWRITEBYTECODE", "1"))
            .start()) {
      String answer = BlockingCall.post(application, "/", new byte[1_000_000]).text();
      assertThat(answer).startsWith("65534 65534 [65534] ");
      // Standard streams, frames, parent's pipe, stacks, FIFOs, and the folder that is listed.
      int files = Integer.parseInt(answer.substring(answer.lastIndexOf(' ') + 1));
      assertThat(files).isLessThanOrEqualTo(12);
    }
  }

  @Test
  void anUnknownUserIsNamed() {
    assertThatThrownBy(() -> identity().user("nobody-of-that-name").start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("nobody-of-that-name");
    assertThatThrownBy(() -> identity().group("no-such-group").start())
        .hasMessageContaining("no-such-group");
    assertThatThrownBy(() -> identity().umask("999").start()).hasMessageContaining("umask");
  }
}
