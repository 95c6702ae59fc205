package dev.gangway.servlet;

import dev.gangway.Environ;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Tells an application more about a request than the contract does, such as the roles of its user:
 * what a server knows and no client can write. Safe for many threads.
 *
 * <pre>{@code
 * new GatewayServlet(
 *     application,
 *     (environ, request) -> environ.putText("example.tenant", tenants.of(request)));
 * }</pre>
 */
@FunctionalInterface
public interface EnvironCustomizer {

  /** Changes nothing. */
  EnvironCustomizer NONE = (environ, request) -> {};

  /**
   * Changes the environ of one request. Called by the container's thread before the application
   * gets it, with what the filters in front have set for that thread.
   *
   * @param environ to be changed; to Python go the values that are strings, so put those with
   *     {@link Environ#putText}. Keys of one's own have a dot, and do not begin with {@code HTTP_}
   * @param request as it came through the filters
   * @throws RuntimeException the client gets 500 then, and the application is not called
   */
  void customize(Environ environ, HttpServletRequest request);

  /**
   * This customizer, and then another.
   *
   * @param next sees what this one has put
   * @return both as one
   */
  default EnvironCustomizer andThen(EnvironCustomizer next) {
    return (environ, request) -> {
      customize(environ, request);
      next.customize(environ, request);
    };
  }
}
