package dev.gangway.spring;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A virtual environment with the packages of a {@code requirements.txt}, made by the first start
 * and found again by every later one with the same packages and interpreter.
 *
 * @param python the interpreter that makes it: a command or a path
 * @param requirements the file
 * @param wheels a folder with every package, so that no index is asked; or null
 * @param timeout how long making it may take
 * @param shared whether other users may run it
 */
record PythonEnvironment(
    String python, Path requirements, @Nullable Path wheels, Duration timeout, boolean shared) {

  private static final Logger LOG = System.getLogger(PythonEnvironment.class.getName());
  private static final int LINES = 12;

  /**
   * The environment.
   *
   * @return its folder
   * @throws IOException if it cannot be made; the message ends with the last lines of pip
   */
  Path in(FileCache cache) throws IOException {
    Path work = Files.createTempFile("gangway-pip", ".log");
    try {
      return cache.folder("venv-" + key(work), shared, timeout, folder -> make(folder, work));
    } finally {
      Files.deleteIfExists(work);
    }
  }

  private String key(Path log) throws IOException {
    ContentHash hash = new ContentHash();
    hash.add(
        run(
            log,
            deadline(Duration.ofMinutes(1)),
            List.of(python, "-c", "import sys; print(sys.executable, sys.version)")));
    add(hash, requirements);
    if (wheels != null) {
      try (Stream<Path> files = Files.list(wheels)) {
        for (Path wheel : files.filter(Files::isRegularFile).sorted().toList()) {
          add(hash, wheel);
        }
      }
    }
    return hash.toString();
  }

  private static void add(ContentHash hash, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      hash.add(String.valueOf(file.getFileName()), content);
    }
  }

  private void make(Path folder, Path log) throws IOException {
    LOG.log(Level.INFO, "Installing {0} into {1}", requirements, folder);
    long began = System.nanoTime();
    long deadline = deadline(timeout);
    run(log, deadline, List.of(python, "-m", "venv", folder.toString()));
    List<String> pip = new ArrayList<>(List.of(folder.resolve("bin/python").toString()));
    pip.addAll(List.of("-m", "pip", "install", "--disable-pip-version-check", "--no-input"));
    if (wheels == null) {
      // What comes over the network is what was locked, or nothing.
      pip.addAll(List.of("--require-hashes", "--timeout", "15", "--retries", "1"));
    } else {
      pip.addAll(List.of("--no-index", "--find-links", wheels.toString()));
    }
    pip.addAll(List.of("--progress-bar", "off", "-r", requirements.toString()));
    run(log, deadline, pip);
    LOG.log(
        Level.INFO,
        "Installed {0} in {1} s",
        requirements,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
  }

  private static long deadline(Duration duration) {
    return System.nanoTime() + duration.toNanos();
  }

  private String run(Path log, long deadline, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new IOException(
            "it is not done after " + timeout.toSeconds() + " s" + lastLines(log));
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "\""
                + String.join(" ", command)
                + "\" ended with status "
                + process.exitValue()
                + lastLines(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    StringBuilder last = new StringBuilder();
    for (String line : lines.subList(Math.max(0, lines.size() - LINES), lines.size())) {
      last.append(System.lineSeparator()).append("    ").append(line);
    }
    return last.isEmpty() ? "" : ":" + last;
  }
}
