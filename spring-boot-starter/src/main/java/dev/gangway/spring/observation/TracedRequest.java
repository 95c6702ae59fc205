package dev.gangway.spring.observation;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request whose trace headers are those of the current span. */
final class TracedRequest extends HttpServletRequestWrapper {

  private final Map<String, String> headers;

  /**
   * A request.
   *
   * @param headers by name in any case, lower case in order; an empty value hides a header
   */
  TracedRequest(HttpServletRequest request, Map<String, String> headers) {
    super(request);
    this.headers = headers;
  }

  @Override
  public @Nullable String getHeader(String name) {
    String value = headers.get(name);
    if (value == null) {
      return super.getHeader(name);
    }
    return value.isEmpty() ? null : value;
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    String value = headers.get(name);
    if (value == null) {
      return super.getHeaders(name);
    }
    return Collections.enumeration(value.isEmpty() ? List.of() : List.of(value));
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    Set<String> names = new LinkedHashSet<>();
    super.getHeaderNames()
        .asIterator()
        .forEachRemaining(
            name -> {
              if (!headers.containsKey(name)) {
                names.add(name);
              }
            });
    headers.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            names.add(name);
          }
        });
    return Collections.enumeration(names);
  }
}
