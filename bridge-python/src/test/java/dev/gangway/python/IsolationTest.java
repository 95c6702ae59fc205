package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationTest {

  private static PythonApplication.Builder identity() throws IOException {
    return identity("identity");
  }

  private static PythonApplication.Builder identity(String name) throws IOException {
    // The checkout may be in a folder that only its owner can enter.
    Path folder = Files.createTempDirectory("gangway-test");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(Path.of("src/test/python/fixtures.py"), folder.resolve("fixtures.py"));
    folder.resolve("fixtures.py").toFile().deleteOnExit();
    folder.toFile().deleteOnExit();
    return PythonApplication.builder("fixtures:" + name).chdir(folder).workers(1);
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
      // Standard streams, frames, parent's pipe, stacks, FIFOs, slots, bodies (twice), and the
      // folder
      // that is listed.
      int files = Integer.parseInt(answer.substring(answer.lastIndexOf(' ') + 1));
      assertThat(files).isLessThanOrEqualTo(13);
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

  @Test
  void theOtherUserCannotReplaceWhatTheNextWorkerRuns() throws Exception {
    assumeRoot();
    try (PythonApplication application =
        identity("application").user("nobody").python("/usr/bin/python3").start()) {
      Path modules = Path.of(System.getProperty("java.io.tmpdir"));
      try (DirectoryStream<Path> own =
          Files.newDirectoryStream(modules, "gangway-" + ProcessHandle.current().pid() + "-*")) {
        for (Path folder : own) {
          assertThat(Files.getOwner(folder).getName()).isEqualTo("root");
          assertThat(Files.getOwner(folder.resolve("gangway_worker")).getName()).isEqualTo("root");
          assertThat(Files.getOwner(folder.resolve("bodies")).getName()).isEqualTo("nobody");
        }
      }
      Path file = Files.write(Files.createTempFile("gangway-test", ""), new byte[100_000]);
      file.toFile().deleteOnExit();
      assertThat(BlockingCall.get(application, "/file?" + file).status()).startsWith("500");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertThat(BlockingCall.get(application, "/file?" + file).bytes()).hasSize(100_000);
    }
  }

  @Test
  void anotherUserServesAsgiAndCannotHaveOurFilesSent() throws Exception {
    assumeRoot();
    try (PythonApplication application =
            AsgiApplicationTest.fixture("application")
                .user("nobody")
                .python("/usr/bin/python3")
                .env(java.util.Map.of("PYTHONDONTWRITEBYTECODE", "1"))
                .start();
        CapturedLog log = CapturedLog.of("")) {
      assertThat(AsgiCall.get(application, "/hello").body()).isEqualTo("hello");
      assertThat(AsgiCall.get(application, "/sends_file").failure()).isEqualTo(500);
      assertThat(AsgiCall.get(application, "/names_files").failure()).isEqualTo(502);
      assertThat(log.messages())
          .anyMatch(it -> it.contains("it named a file, although it is another user"));
    }
  }

  @Test
  void onlyOurOwnFoldersAreSweptAndNothingOutsideOfThem(@TempDir Path temporary) throws Exception {
    assumeRoot();
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Path kept = Files.createFile(outside.resolve("kept"));
    String gone = "gangway-999999999-";
    Path ours = Files.createDirectory(temporary.resolve(gone + PrivateFolders.NAMESPACE + "-ours"));
    Path otherContainer = Files.createDirectory(temporary.resolve(gone + "1-ours"));
    Files.createSymbolicLink(ours.resolve("link"), outside);
    Files.createFile(Files.createDirectory(ours.resolve("inner")).resolve("file"));
    Path theirs =
        Files.createDirectory(temporary.resolve(gone + PrivateFolders.NAMESPACE + "-theirs"));
    Files.setOwner(
        theirs,
        theirs.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    PrivateFolders.sweep(temporary);
    assertThat(ours).doesNotExist();
    assertThat(theirs).exists();
    assertThat(otherContainer).as("that of a process in another namespace").exists();
    assertThat(kept).exists();
  }

  private static void assumeRoot() throws IOException {
    assumeTrue(
        Files.getOwner(Path.of("/proc/self")).getName().equals("root"), "only root can be another");
  }
}
