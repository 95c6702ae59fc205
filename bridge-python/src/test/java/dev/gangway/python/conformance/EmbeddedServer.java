package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.PythonApplication;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import jakarta.servlet.Filter;
import java.time.Duration;

/** A server in this JVM. */
public final class EmbeddedServer implements PythonServer {

  private final PythonApplication application;
  private final Gateway gateway;

  /** Adds the application, and what belongs to it, to a server. */
  interface Mounting {
    void mount(GatewayBuilder<?> server, PythonApplication python);
  }

  EmbeddedServer(GatewayBuilder<?> builder, PythonMount mount, Mounting mounting) throws Exception {
    application = mount.builder().start();
    try {
      mounting.mount(builder, application);
      gateway = builder.bind("127.0.0.1:0").gracefulTimeout(Duration.ofSeconds(2)).start();
    } catch (Throwable failure) {
      application.close();
      throw failure;
    }
  }

  /** Starts a server with a Python application. */
  public static PythonServer start(GatewayBuilder<?> builder, PythonMount mount) throws Exception {
    for (Class<? extends Filter> filter : mount.filters()) {
      builder.filter("/*", filter.getConstructor().newInstance());
    }
    return new EmbeddedServer(
        builder,
        mount,
        (server, python) -> mount.prefixes().forEach(prefix -> server.mount(prefix, python)));
  }

  PythonApplication application() {
    return application;
  }

  @Override
  public int port() {
    return gateway.port();
  }

  @Override
  public ServerLog log(String logger) {
    return LogCapture.of(logger);
  }

  @Override
  public void close() {
    gateway.close();
    application.close();
    assertThat(application.workerPids()).isEmpty();
  }
}
