package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.conformance.PythonMount;
import dev.gangway.python.conformance.PythonServer;
import dev.gangway.python.conformance.ServerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A web application in the Tomcat distribution, which runs as a process of its own. */
final class WarServer implements PythonServer {

  private static final Pattern PORT =
      Pattern.compile("Starting ProtocolHandler \\[\"http-nio-127.0.0.1-auto-1-(\\d+)\"]");
  private static final String STARTED = "Server startup in";

  private final Path base;
  private final Path output;
  private final Process process;
  private int port;

  /** At least so many processes: Tomcat, and Python. */
  private int expected = 1;

  private WarServer(Path base) throws IOException {
    this.base = base;
    output = base.resolve("output.txt");
    Path home = TomcatBase.distribution();
    ProcessBuilder builder =
        new ProcessBuilder("sh", home.resolve("bin/catalina.sh").toString(), "run")
            .directory(base.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("CATALINA_HOME", home.toString());
    builder.environment().put("CATALINA_BASE", base.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("CATALINA_OPTS", "-Duser.language=en");
    process = builder.start();
  }

  /** Starts Tomcat with a WAR as its root, and waits until it serves it. */
  static PythonServer start(PythonMount mount) throws IOException {
    return start(mount, "");
  }

  /** Starts Tomcat with more attributes of the connector. */
  static PythonServer start(PythonMount mount, String attributes) throws IOException {
    WarServer server = start(TomcatBase.create(mount, attributes));
    server.expected = 2;
    return server;
  }

  /** Starts Tomcat in a folder of {@link TomcatBase}. */
  static WarServer start(Path base) throws IOException {
    WarServer server = new WarServer(base);
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !server.process.isAlive() || server.printed().contains(STARTED));
      Matcher listening = PORT.matcher(server.printed());
      assertThat(listening.find()).as(server.printed()).isTrue();
      assertThat(server.printed()).contains(STARTED).doesNotContain("[SEVERE");
      server.port = Integer.parseInt(listening.group(1));
      return server;
    } catch (Throwable failure) {
      server.kill();
      throw failure;
    }
  }

  @Override
  public int port() {
    return port;
  }

  /** What Tomcat has printed since its start. */
  String printed() {
    try {
      return Files.readString(output, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ServerLog log(String logger) {
    return new TomcatLog(output, logger);
  }

  /** Stops Tomcat as an operator does; its workers end with it. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    assertThat(all).as("Tomcat and its Python").hasSizeGreaterThanOrEqualTo(expected);
    process.destroy();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(printed()).isTrue();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
      assertThat(printed()).doesNotContain("memory leak");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      all.forEach(ProcessHandle::destroyForcibly);
    }
    TomcatBase.delete(base);
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
