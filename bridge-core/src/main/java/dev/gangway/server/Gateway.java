package dev.gangway.server;

import java.net.URI;
import java.util.List;

/** A running server that serves gateway applications. Safe for many threads. */
public interface Gateway extends AutoCloseable {

  /**
   * The port of the first TCP address.
   *
   * @return the port, also if a free one was taken; -1 without a TCP address
   */
  int port();

  /**
   * Where clients find this server.
   *
   * @return one for each bound address, such as {@code http://127.0.0.1:8000/} or {@code
   *     unix:/run/gangway.sock}
   */
  List<URI> uris();

  /**
   * Waits until the server is stopped.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  void join() throws InterruptedException;

  /**
   * Stops: takes no more connections, waits for the requests in hand up to the graceful timeout,
   * then closes the applications that can be closed. A second call does nothing.
   */
  @Override
  void close();
}
