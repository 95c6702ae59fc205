package dev.gangway;

/**
 * An application of the WSGI contract (PEP 3333): called once for each request.
 *
 * <pre>{@code
 * GatewayApplication hello = (environ, startResponse) -> {
 *   startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
 *   return ResponseBody.of("Hello, " + environ.pathInfo() + "\n");
 * };
 * }</pre>
 *
 * <p>An application is called by many threads at once and must be safe for that, unless the place
 * where it is mounted says otherwise.
 */
@FunctionalInterface
public interface GatewayApplication {

  /**
   * Answers one request (PEP 3333, "The Application/Framework Side").
   *
   * @param environ the request; valid until the returned body is closed, and the application's own
   *     to change
   * @param startResponse to be called before the body's first non-empty chunk
   * @return the body; the server iterates over it once, and closes it exactly once, whatever
   *     happens
   * @throws Exception for any failure: answered with 500 when the head is not out yet, otherwise
   *     the connection is broken
   */
  ResponseBody call(Environ environ, StartResponse startResponse) throws Exception;

  /**
   * This application inside the given middleware, the first of them outermost.
   *
   * @param middleware applied from the last to the first
   * @return the wrapped application
   */
  default GatewayApplication with(GatewayMiddleware... middleware) {
    GatewayApplication wrapped = this;
    for (int i = middleware.length - 1; i >= 0; i--) {
      wrapped = middleware[i].wrap(wrapped);
    }
    return wrapped;
  }
}
