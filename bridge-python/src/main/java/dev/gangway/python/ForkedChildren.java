package dev.gangway.python;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends what a worker has forked and what is still in the midst of the application's call when the
 * worker has ended: a copy of it that nobody waits for. What the application has started as another
 * program is left alone. Linux only, because of {@code /proc}.
 */
final class ForkedChildren {

  private static final Logger LOG = System.getLogger(ForkedChildren.class.getName());

  /** State, parent, process group, session: what follows a process's name in its {@code stat}. */
  private static final int SESSION = 3;

  private ForkedChildren() {}

  /**
   * Kills the children of a worker that has ended.
   *
   * @param worker its process id, and so that of its session
   * @param script what its interpreter was told to run, and what only its copies show too
   */
  static void end(long worker, Path script) {
    List<Long> ended = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        if (isCopy(process, worker, script)) {
          long pid = Long.parseLong(process.getFileName().toString());
          ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
          ended.add(pid);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "There is no /proc to find children of workers in", e);
    }
    if (!ended.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "The application forked in the worker with pid {0}, which has ended; the children {1}"
              + " outlived it and were killed",
          String.valueOf(worker),
          ended);
    }
  }

  private static boolean isCopy(Path process, long worker, Path script) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", SESSION + 2);
      return fields[SESSION].equals(String.valueOf(worker))
          && !process.endsWith(String.valueOf(worker))
          && Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
              .contains(script.toString());
    } catch (IOException | RuntimeException e) {
      return false; // it has ended, or is not ours to look at
    }
  }
}
