package dev.gangway.servlet;

import dev.gangway.server.ForwardedOrigin;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as it is for the client of a proxy. */
final class ForwardedRequest extends HttpServletRequestWrapper {

  private final ForwardedOrigin origin;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final String prefix;
  private final @Nullable String host;

  ForwardedRequest(HttpServletRequest request, ForwardedOrigin origin) {
    super(request);
    this.origin = origin;
    headers.putAll(origin.headers());
    prefix = Objects.requireNonNullElse(origin.prefix(), "");
    String changed = origin.hostHeader(request.getHeader("Host"), getScheme());
    if (changed != null) {
      // Applications prefer the Host header, so it must say the same.
      headers.put("Host", List.of(changed));
    }
    host = changed == null ? request.getHeader("Host") : changed;
  }

  /** The one below the wrappers of others, or null. */
  static @Nullable ForwardedRequest in(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      if (wrapper instanceof ForwardedRequest found) {
        return found;
      }
      inner = wrapper.getRequest();
    }
    return null;
  }

  /**
   * The prefix that a context path lacks: containers hand out their own for includes, and Jetty for
   * forwards.
   *
   * @param contextPath that somebody got for this request
   * @return the prefix, or {@code ""} if it is in the context path
   */
  String missingPrefix(String contextPath) {
    return contextPath.equals(super.getContextPath()) ? prefix : "";
  }

  @Override
  public String getRemoteAddr() {
    return origin.address() == null ? super.getRemoteAddr() : origin.address();
  }

  @Override
  public String getRemoteHost() {
    return origin.address() == null ? super.getRemoteHost() : origin.address();
  }

  @Override
  public int getRemotePort() {
    return origin.address() == null ? super.getRemotePort() : origin.port();
  }

  @Override
  public String getScheme() {
    return origin.scheme() == null ? super.getScheme() : origin.scheme();
  }

  @Override
  public boolean isSecure() {
    return origin.scheme() == null ? super.isSecure() : origin.scheme().equals("https");
  }

  @Override
  public String getServerName() {
    if (host == null || !headers.containsKey("Host")) {
      return super.getServerName();
    }
    return ForwardedOrigin.portOf(host) < 0 ? host : host.substring(0, host.lastIndexOf(':'));
  }

  @Override
  public int getServerPort() {
    if (origin.scheme() == null && !headers.containsKey("Host")) {
      return super.getServerPort();
    }
    int port = host == null ? -1 : ForwardedOrigin.portOf(host);
    return port > 0 ? port : ForwardedOrigin.portOfScheme(getScheme());
  }

  @Override
  public String getContextPath() {
    return prefix + super.getContextPath();
  }

  @Override
  public String getRequestURI() {
    String uri = super.getRequestURI();
    return uri.startsWith("/") ? prefix + uri : uri;
  }

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer(base()).append(getRequestURI());
  }

  /** Scheme and authority. */
  String base() {
    int port = getServerPort();
    String own = port == ForwardedOrigin.portOfScheme(getScheme()) ? "" : ":" + port;
    return getScheme() + "://" + getServerName() + own;
  }

  @Override
  public @Nullable String getHeader(String name) {
    List<String> values = headers.get(name);
    if (values == null) {
      return super.getHeader(name);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    List<String> values = headers.get(name);
    return values == null ? super.getHeaders(name) : Collections.enumeration(values);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = new ArrayList<>();
    for (String name : Collections.list(super.getHeaderNames())) {
      if (!headers.getOrDefault(name, List.of("")).isEmpty()) {
        names.add(name);
      }
    }
    if (headers.containsKey("Host") && super.getHeader("Host") == null) {
      names.add("Host");
    }
    return Collections.enumeration(names);
  }
}
