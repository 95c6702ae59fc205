package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket's request as its container gets it for the upgrade. Containers make a {@code
 * java.net.URI} of its target for {@code Session.getRequestURI()}, which nobody asks here, and fail
 * where one such as {@code /a|b} or {@code /?100%} is none. The application has the target in its
 * scope.
 */
final class UpgradeRequest extends HttpServletRequestWrapper {

  UpgradeRequest(HttpServletRequest request) {
    super(request);
  }

  @Override
  public String getRequestURI() {
    return "/";
  }

  @Override
  public @Nullable String getQueryString() {
    return null;
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Map.of();
  }

  @Override
  public String getServerName() {
    return "localhost";
  }
}
