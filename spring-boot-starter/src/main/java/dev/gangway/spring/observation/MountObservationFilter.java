package dev.gangway.spring.observation;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Gives Spring's observation of a request to a mount the mount's path as its name, and the
 * application the trace that the observation belongs to. Safe for many threads.
 */
final class MountObservationFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;

  private final transient Set<String> mappings;
  private final transient @Nullable TraceHeaders traces;

  /**
   * A filter.
   *
   * @param mappings of the mounts' servlets, such as {@code /shop/*}
   * @param traces null if nobody traces
   */
  MountObservationFilter(Set<String> mappings, @Nullable TraceHeaders traces) {
    this.mappings = mappings;
    this.traces = traces;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // The root's mapping matches all that has another servlet, too.
    String mapping = request.getHttpServletMapping().getPattern();
    if (!mappings.contains(mapping)) {
      chain.doFilter(request, response);
      return;
    }
    ServerHttpObservationFilter.findObservationContext(request)
        .filter(observation -> observation.getPathPattern() == null)
        .ifPresent(observation -> observation.setPathPattern(all(mapping)));
    chain.doFilter(traced(request), response);
  }

  /** Spring's pattern for what the mapping of a servlet matches. */
  private static String all(String mapping) {
    return mapping.equals("/") ? "/**" : mapping + "*";
  }

  private HttpServletRequest traced(HttpServletRequest request) {
    if (traces == null) {
      return request;
    }
    Map<String, String> headers = traces.ofCurrentSpan();
    return headers.isEmpty() ? request : new TracedRequest(request, headers);
  }
}
