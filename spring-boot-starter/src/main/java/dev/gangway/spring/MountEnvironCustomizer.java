package dev.gangway.spring;

import dev.gangway.Environ;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Tells the applications that are mounted more about a request than the contract does: the claims
 * of its user, a tenant. Beans of this type are called in their order, for each request to any
 * mount, on the container's thread and behind the filters. Safe for many threads.
 *
 * <pre>{@code
 * @Bean
 * MountEnvironCustomizer email() {
 *   return (mount, environ, request) -> {
 *     if (request.getUserPrincipal() instanceof OAuth2AuthenticationToken token
 *         && token.getPrincipal() instanceof OidcUser user) {
 *       environ.putText("example.email", user.getEmail());
 *     }
 *   };
 * }
 * }</pre>
 *
 * @see dev.gangway.servlet.EnvironCustomizer
 */
@FunctionalInterface
public interface MountEnvironCustomizer {

  /**
   * Changes the environ of one request.
   *
   * @param mount the mount's name, as in {@code gangway.mounts.<name>}; of a bean the name of its
   *     servlet
   * @param environ to be changed; to Python go the values that are strings, so put those with
   *     {@link Environ#putText}. Keys of one's own have a dot, and do not begin with {@code HTTP_}
   * @param request as it came through the filters
   * @throws RuntimeException the client gets 500 then, and the application is not called
   */
  void customize(String mount, Environ environ, HttpServletRequest request);
}
