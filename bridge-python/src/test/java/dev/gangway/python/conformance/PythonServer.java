package dev.gangway.python.conformance;

import java.io.IOException;

/** A running server with a Python application, in this JVM or in another process. */
public interface PythonServer extends AutoCloseable {

  /** Where it listens, at 127.0.0.1. */
  int port();

  /** What is logged from now on, by a logger and those below it. */
  ServerLog log(String logger);

  /** Stops the server; fails if something of it is left. */
  @Override
  void close() throws IOException;
}
