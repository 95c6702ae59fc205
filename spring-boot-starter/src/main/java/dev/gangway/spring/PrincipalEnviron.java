package dev.gangway.spring;

import dev.gangway.Environ;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** What Spring Security knows of the user and the container does not. */
final class PrincipalEnviron implements MountEnvironCustomizer {

  static final String AUTHORITIES = "gangway.authorities";

  @Override
  public void customize(String mount, Environ environ, HttpServletRequest request) {
    // Security's wrapper of the request has nobody there for who is anonymous.
    if (request.getUserPrincipal() instanceof Authentication user && user.isAuthenticated()) {
      environ.put(AUTHORITIES, authorities(user));
      if (request.getAuthType() == null) {
        environ.put("AUTH_TYPE", type(user));
      }
    }
  }

  private static String authorities(Authentication user) {
    return user.getAuthorities().stream()
        .map(GrantedAuthority::getAuthority)
        .filter(authority -> authority != null && !authority.isEmpty())
        .map(PrincipalEnviron::escaped)
        .collect(Collectors.joining(","));
  }

  /**
   * Percent-encodes what could pass for two authorities, and what is not visible ASCII.
   *
   * @param authority such as {@code ROLE_ADMIN}, which stays as it is
   */
  static String escaped(String authority) {
    StringBuilder result = new StringBuilder(authority.length());
    for (byte octet : authority.getBytes(StandardCharsets.UTF_8)) {
      if (octet > ' ' && octet < 0x7F && octet != ',' && octet != '%') {
        result.append((char) octet);
      } else {
        result.append(String.format("%%%02X", octet));
      }
    }
    return result.toString();
  }

  /** {@code UsernamePassword} of a UsernamePasswordAuthenticationToken. */
  private static String type(Authentication user) {
    @Nullable Class<?> named = user.getClass();
    while (named.getSimpleName().isEmpty() && named.getSuperclass() != null) {
      named = named.getSuperclass();
    }
    String name = named.getSimpleName().replaceFirst("Authentication(Token)?$", "");
    return name.chars().allMatch(c -> c > ' ' && c < 0x7F) && !name.isEmpty() ? name : "Other";
  }
}
