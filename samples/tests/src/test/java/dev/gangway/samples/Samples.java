package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where the samples are, and commands run there. */
final class Samples {

  /** The repository. Tests run in samples/tests. */
  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  static final Path SAMPLES = ROOT.resolve("samples");
  static final Path TARGET = Path.of("target").toAbsolutePath();

  private static final long MINUTES = 8;

  private Samples() {}

  /** What a command printed and how it ended. */
  record Outcome(int status, String output, String errors) {}

  /** The interpreter that samples/python-env finds or makes. */
  static String python() {
    return printed(SAMPLES.resolve("python-env").toString());
  }

  /** Skips the test where the interpreter has no Starlette. */
  static void requireStarlette() {
    boolean there = run(ROOT, Map.of(), python(), "-c", "import starlette").status() == 0;
    if (!there && Boolean.parseBoolean(System.getenv("CI"))) {
      fail("There is no Starlette; CI needs it: apt-get install python3-starlette");
    }
    assumeTrue(
        there,
        "skipped: there is no Starlette; on Debian it comes with apt-get install python3-starlette");
  }

  /** A folder for PYTHONPATH with Django 5.2. */
  static String newerDjango() {
    return printed(SAMPLES.resolve("django-5.2").toString(), python());
  }

  private static String printed(String... command) {
    Outcome outcome = run(ROOT, Map.of(), command);
    assertThat(outcome.status()).as("%s: %s", Arrays.toString(command), outcome.errors()).isZero();
    return outcome.output().strip();
  }

  /** Runs a command to its end. */
  static Outcome run(Path folder, Map<String, String> environment, String... command) {
    try {
      Path output = Files.createTempFile(Files.createDirectories(TARGET), "output", ".txt");
      Path errors = Files.createTempFile(TARGET, "errors", ".txt");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw new AssertionError(
              Arrays.toString(command) + " takes more than " + MINUTES + " minutes");
        }
        return new Outcome(
            process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
      } finally {
        Files.delete(output);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
