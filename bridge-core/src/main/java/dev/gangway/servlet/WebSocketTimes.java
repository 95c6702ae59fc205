package dev.gangway.servlet;

import java.time.Duration;

/**
 * How long a WebSocket waits for whom.
 *
 * @param pings from one ping to the next, which is the time that a client has for a sign of life
 * @param decision the application has to accept or deny; a thread of the container waits for it
 * @param behind the application has to receive, where a container cannot stop reading; its reading
 *     thread waits for it
 */
record WebSocketTimes(Duration pings, Duration decision, Duration behind) {

  /** The pings are as Uvicorn's {@code ws_ping_interval} and {@code ws_ping_timeout}. */
  static final WebSocketTimes DEFAULT =
      new WebSocketTimes(Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(20));
}
