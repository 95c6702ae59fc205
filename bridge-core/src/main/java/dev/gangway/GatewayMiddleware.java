package dev.gangway;

/**
 * Plays both sides of the contract (PEP 3333, "Middleware: Components that Play Both Sides"): a
 * server to the application within, an application to the server around it.
 */
@FunctionalInterface
public interface GatewayMiddleware {

  /**
   * Wraps an application.
   *
   * @param application the application within
   * @return an application that calls it
   */
  GatewayApplication wrap(GatewayApplication application);

  /**
   * This middleware around another.
   *
   * @param inner applied first, so nearer to the application
   * @return both as one
   */
  default GatewayMiddleware around(GatewayMiddleware inner) {
    return application -> wrap(inner.wrap(application));
  }
}
