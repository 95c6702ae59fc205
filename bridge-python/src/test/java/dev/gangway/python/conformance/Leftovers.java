package dev.gangway.python.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts what a fault could leave behind. Linux only, because of {@code /proc}. */
public final class Leftovers {

  private Leftovers() {}

  /** Counts by what is counted, of this JVM and the workers with the given process ids. */
  public static Map<String, Long> count(List<Long> workers) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("processes", ProcessHandle.current().descendants().count());
    counts.put(
        "threads of Gangway",
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("gangway-"))
            .count());
    counts.put("files of Gangway", files(Path.of(System.getProperty("java.io.tmpdir"))));
    counts.put("shared files", files(Path.of("/dev/shm")));
    counts.put("pipes", descriptors(ProcessHandle.current().pid(), "pipe:"));
    counts.put("descriptors on files", descriptors(ProcessHandle.current().pid(), "/gangway-"));
    long ofWorkers = 0;
    for (long worker : workers) {
      ofWorkers += descriptors(worker, "");
    }
    counts.put("descriptors of workers", ofWorkers);
    return counts;
  }

  private static long files(Path folder) throws IOException {
    String own = "gangway-" + ProcessHandle.current().pid() + "-";
    File[] folders = folder.toFile().listFiles((parent, name) -> name.startsWith(own));
    long count = 0;
    for (File found : folders == null ? new File[0] : folders) {
      try (Stream<Path> files = Files.walk(found.toPath())) {
        // Python writes its compiled modules there when it likes.
        count += files.filter(file -> !file.toString().contains("__pycache__")).count();
      }
    }
    return count;
  }

  /** How many descriptors of a process are on something whose name contains the kind. */
  public static long descriptors(long process, String kind) throws IOException {
    long count = 0;
    File[] found = new File("/proc/" + process + "/fd").listFiles();
    for (File descriptor : found == null ? new File[0] : found) {
      try {
        String file = Files.readSymbolicLink(descriptor.toPath()).toString();
        // Our own jars are opened when a class of theirs is wanted.
        if (file.contains(kind) && !file.endsWith(".jar")) {
          count++;
        }
      } catch (IOException e) {
        // Closed in the meantime.
      }
    }
    return count;
  }
}
