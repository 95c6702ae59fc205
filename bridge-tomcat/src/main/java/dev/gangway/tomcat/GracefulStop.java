package dev.gangway.tomcat;

import java.time.Duration;
import org.apache.catalina.Container;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardWrapper;

/**
 * Stops taking connections and waits for the requests in hand. Tomcat tells nobody when the last
 * one is done, so that this looks again and again.
 */
final class GracefulStop {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private GracefulStop() {}

  /**
   * Waits.
   *
   * @return whether all requests are done
   */
  static boolean drain(Service service, Duration timeout) throws InterruptedException {
    for (Connector connector : service.findConnectors()) {
      connector.pause();
      if (connector.getProtocolHandler() instanceof GatewayProtocol protocol) {
        protocol.stopListening();
      } else {
        connector.getProtocolHandler().closeServerSocketGraceful();
      }
    }
    long end = System.nanoTime() + timeout.toNanos();
    while (isActive(service)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      Thread.sleep(Math.min(LOOK_AGAIN.toMillis(), left / 1_000_000 + 1));
    }
    return true;
  }

  private static boolean isActive(Service service) {
    for (Connector connector : service.findConnectors()) {
      if (connector.getProtocolHandler() instanceof GatewayProtocol protocol
          && protocol.isActive()) {
        return true;
      }
    }
    // Of connectors that a user added, and of threads that no pool counts.
    return isActive(service.getContainer());
  }

  private static boolean isActive(Container container) {
    if (container instanceof StandardWrapper wrapper && wrapper.getCountAllocated() > 0) {
      return true;
    }
    for (Container child : container.findChildren()) {
      if (isActive(child)) {
        return true;
      }
    }
    return false;
  }
}
