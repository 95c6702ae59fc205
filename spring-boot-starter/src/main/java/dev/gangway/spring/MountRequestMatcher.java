package dev.gangway.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/** See {@link GatewayRequest}. Safe for many threads. */
final class MountRequestMatcher implements RequestMatcher {

  private final Set<String> wanted;

  /** The names of the servlets, once they are known. */
  private volatile @Nullable Set<String> servlets;

  /**
   * A matcher.
   *
   * @param wanted names of mounts; empty for all
   */
  MountRequestMatcher(Set<String> wanted) {
    this.wanted = wanted;
  }

  static Set<String> names(String name, String... more) {
    Set<String> names = new LinkedHashSet<>(Arrays.asList(more));
    names.add(name);
    return names;
  }

  @Override
  public boolean matches(HttpServletRequest request) {
    Set<String> known = servlets;
    if (known == null) {
      known = servlets(request);
      servlets = known;
    }
    return known.contains(request.getHttpServletMapping().getServletName());
  }

  private Set<String> servlets(HttpServletRequest request) {
    WebApplicationContext context =
        WebApplicationContextUtils.getRequiredWebApplicationContext(request.getServletContext());
    GatewayMounts mounts = context.getBeanProvider(GatewayMounts.class).getIfAvailable();
    if (mounts == null) {
      return Set.of(); // gangway.enabled is false.
    }
    Map<String, Set<String>> all = mounts.servletNames();
    if (!all.keySet().containsAll(wanted)) {
      throw new IllegalStateException(
          "A rule of Spring Security is about the mounts "
              + wanted
              + ", but mounted are "
              + all.keySet()
              + ": correct the names in GatewayRequest.toMount");
    }
    return all.entrySet().stream()
        .filter(mount -> wanted.isEmpty() || wanted.contains(mount.getKey()))
        .flatMap(mount -> mount.getValue().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String toString() {
    return "Mounts " + (wanted.isEmpty() ? "" : wanted);
  }
}
