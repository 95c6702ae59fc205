package dev.gangway.servlet;

import dev.gangway.exchange.ClientProbe;
import dev.gangway.exchange.ClientProbe.State;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Looks whether the client of a request is still there. Safe for many threads. */
final class ClientLook {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  /** An application may ask all the time. */
  private static final long AGAIN = Duration.ofMillis(100).toNanos();

  private final HttpServletRequest request;
  private final BooleanSupplier over;
  private volatile State seen = State.OPEN;
  private volatile long looked = System.nanoTime() - AGAIN;

  /**
   * A look at the client of a request.
   *
   * @param request as the servlet received it
   * @param over tells, before the container uses the request's objects for another, that it may
   */
  ClientLook(HttpServletRequest request, BooleanSupplier over) {
    this.request = request;
    this.over = over;
  }

  /** What a look shows now, or showed a moment ago. */
  State now() {
    if (seen != State.OPEN || System.nanoTime() - looked < AGAIN) {
      return seen;
    }
    try (ClientProbe probe = new ClientProbe()) {
      return with(probe);
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "There is no way to look whether a client is still there", e);
      return seen;
    }
  }

  /** What a look shows now; what has been seen when the request is over. */
  synchronized State with(ClientProbe probe) {
    looked = System.nanoTime();
    if (over.getAsBoolean()) {
      return seen;
    }
    SocketChannel connection = Containers.connection(request);
    // Asked again: otherwise the connection could be that of another request.
    if (connection != null && !over.getAsBoolean()) {
      State state = probe.look(connection);
      // And again: when the request is over, whoever has its connection may close it.
      if (state.compareTo(seen) > 0 && !over.getAsBoolean()) {
        seen = state;
      }
    }
    return seen;
  }
}
