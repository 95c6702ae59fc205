package dev.gangway.jetty;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.Graceful;

/**
 * Stops taking connections and waits for the requests in hand. Jetty's own way gives every
 * connection a second without a byte; this closes idle ones at once and lets slow ones be.
 */
final class GracefulStop {

  private static final long UNUSED_CONNECTION_MILLIS = 1000;

  private GracefulStop() {}

  /**
   * Waits.
   *
   * @return whether all requests are done
   */
  static boolean drain(Server server, Duration timeout) throws InterruptedException {
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof AbstractConnector settable) {
        settable.setShutdownIdleTimeout(-1);
        if (settable.getAcceptors() == 0) {
          closeSocket(settable);
        }
      }
    }
    Future<Void> drained = Graceful.shutdown(server);
    for (Connector connector : server.getConnectors()) {
      connector.getConnectedEndPoints().forEach(GracefulStop::release);
    }
    try {
      drained.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("Jetty cannot be drained", e.getCause());
    }
  }

  /** Jetty leaves it to its acceptors, if there are any. */
  private static void closeSocket(AbstractConnector connector) {
    if (connector.getTransport() instanceof Closeable socket) {
      IO.close(socket);
      // The port is free when the selecting thread has let go of it.
      SelectorManager selectors = connector.getBean(SelectorManager.class);
      if (selectors != null) {
        selectors.getBeans(ManagedSelector.class).forEach(one -> one.submit(selector -> {}));
      }
    }
  }

  private static void release(EndPoint endPoint) {
    Connection connection = endPoint.getConnection();
    long requests = connection == null ? 0 : connection.getMessagesIn();
    if (connection == null || requests <= 0) {
      // Its first request may be under way.
      endPoint.setIdleTimeout(UNUSED_CONNECTION_MILLIS);
    } else if (requests == connection.getMessagesOut()) {
      endPoint.close();
    }
  }
}
