package dev.gangway.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real jar in a process of its own. */
final class LaunchedGateway implements AutoCloseable {

  private static final int SECONDS = 60;
  private static final Pattern LISTENING = Pattern.compile("Listening at: http://[^:]+:(\\d+)/");

  final Process process;
  private final Path out;
  private final Path err;

  private LaunchedGateway(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static LaunchedGateway launch(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    return launch(folder, environment, List.of(), arguments);
  }

  static LaunchedGateway launch(
      Path folder, Map<String, String> environment, List<String> javaOptions, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.add("-jar");
    command.add(System.getProperty("gangway.jar", "target/gangway.jar"));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("PORT");
    builder.environment().putAll(environment);
    return new LaunchedGateway(builder.start(), out, err);
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** Waits until it listens; the port. */
  int port() throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < until && process.isAlive()) {
      Matcher matcher = LISTENING.matcher(err());
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("It does not listen:\n" + out() + err());
  }

  /** Waits until it ends; the exit code. */
  int exitCode() throws Exception {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("It does not end:\n" + out() + err());
    }
    return process.exitValue();
  }

  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, SECONDS, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .join();
  }
}
