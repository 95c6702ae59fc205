package dev.gangway.spring;

import java.util.Set;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Matches requests to what is mounted, for the rules of Spring Security, as {@code PathRequest}
 * does for static resources.
 *
 * <pre>{@code
 * http.csrf(csrf -> csrf.ignoringRequestMatchers(GatewayRequest.toMount("site")))
 *     .authorizeHttpRequests(
 *         rules -> rules.requestMatchers(GatewayRequest.toMounts()).authenticated());
 * }</pre>
 *
 * <p>A mount's static files belong to it. The matchers ask the container which servlet it has
 * chosen, so that they and it agree on every path.
 */
public final class GatewayRequest {

  private GatewayRequest() {}

  /**
   * Requests to any mount.
   *
   * @return matches what a mount of the properties, of {@link GatewayMount} or of a {@link
   *     GatewayRegistrationBean} will answer
   */
  public static RequestMatcher toMounts() {
    return new MountRequestMatcher(Set.of());
  }

  /**
   * Requests to some mounts.
   *
   * @param mount a mount's name, as in {@code gangway.mounts.<name>}; of a bean the name of its
   *     servlet. The first request fails with an {@link IllegalStateException} if there is none of
   *     that name
   * @param more further names
   * @return matches what those mounts will answer
   */
  public static RequestMatcher toMount(String mount, String... more) {
    return new MountRequestMatcher(MountRequestMatcher.names(mount, more));
  }
}
