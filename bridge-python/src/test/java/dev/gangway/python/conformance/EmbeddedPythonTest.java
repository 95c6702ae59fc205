package dev.gangway.python.conformance;

import dev.gangway.python.PythonApplication;
import dev.gangway.server.GatewayBuilder;

/** Tests that look into the JVM of the server, which therefore is their own. */
abstract class EmbeddedPythonTest extends PythonTest {

  private PythonApplication application;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  void mount(GatewayBuilder<?> server, PythonApplication python) {
    server.mount("/", python);
  }

  @Override
  protected final PythonServer serve(PythonMount mount) throws Exception {
    EmbeddedServer started = new EmbeddedServer(builder(), mount, this::mount);
    application = started.application();
    return started;
  }

  PythonApplication application() {
    return application;
  }
}
