package dev.gangway.server;

import dev.gangway.GatewayApplication;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Closes the applications that a gateway owns. Safe for many threads. */
public final class OwnedApplications implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(OwnedApplications.class.getName());

  private final List<GatewayApplication> applications;
  private boolean closed;

  OwnedApplications(List<GatewayApplication> applications) {
    this.applications = applications;
  }

  /**
   * Closes those that are {@link AutoCloseable}, each once, the last mounted first. A failure is
   * logged, and does not keep the others open.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    Set<GatewayApplication> done = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = applications.size() - 1; i >= 0; i--) {
      if (done.add(applications.get(i)) && applications.get(i) instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
          }
          LOG.log(System.Logger.Level.WARNING, "Cannot close the application " + closeable, e);
        }
      }
    }
  }
}
