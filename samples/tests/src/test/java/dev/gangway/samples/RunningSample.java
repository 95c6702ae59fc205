package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sample that {@code samples/run} serves, with a data folder of its own. */
final class RunningSample implements AutoCloseable {

  private static final Pattern SERVING = Pattern.compile("Serving (http://\\S+)");

  /** Gives the script the default action for SIGINT, which a build in the background has not. */
  private static final String WITH_SIGNALS =
      "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
          + " os.execv(sys.argv[1], sys.argv[1:])";

  private final Process process;
  private final Path log;
  private final URI uri;

  private RunningSample(Process process, Path log, URI uri) {
    this.process = process;
    this.log = log;
    this.uri = uri;
  }

  /** Starts a sample and waits until it answers. */
  static RunningSample start(String program, Map<String, String> environment) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(Samples.TARGET), program + "-");
    Path log = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Samples.python(),
                "-c",
                WITH_SIGNALS,
                Samples.SAMPLES.resolve("run").toString(),
                program,
                "--no-build",
                "--port",
                Integer.toString(freePort()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("DATA_DIR", folder.resolve("data").toString());
    builder.environment().put("GANGWAY_CACHE", folder.resolve("cache").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> !process.isAlive() || SERVING.matcher(read(log)).find());
      Matcher serving = SERVING.matcher(read(log));
      assertThat(serving.find()).as("samples/run %s:\n%s", program, read(log)).isTrue();
      return new RunningSample(process, log, URI.create(serving.group(1)));
    } catch (Throwable failure) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw failure;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String read(Path log) throws IOException {
    return Files.readString(log, UTF_8);
  }

  /** Where the sample is served, ending in a slash. */
  URI uri() {
    return uri;
  }

  /** What the sample printed so far. */
  String output() throws IOException {
    return read(log);
  }

  /** The script, its server and the server's workers. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    return all;
  }

  /**
   * Sends a signal to the script, and waits until it and everything it started is gone.
   *
   * @return the script's exit status
   */
  int stop(String signal) throws IOException, InterruptedException {
    List<ProcessHandle> all = processes();
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(60, TimeUnit.SECONDS))
        .as("samples/run ends after SIG%s:\n%s", signal, output())
        .isTrue();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(all).filteredOn(ProcessHandle::isAlive).isEmpty());
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    if (process.isAlive()) {
      List<ProcessHandle> all = processes();
      try {
        stop("TERM");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        all.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }
}
