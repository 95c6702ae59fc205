package dev.gangway.servlet;

import dev.gangway.server.ForwardedHeaders;
import dev.gangway.server.ForwardedOrigin;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Believes the headers of trusted proxies, see {@link ForwardedHeaders}, where no front door of
 * Gangway does: in a WAR, or in a server of your own. What is behind it sees the client's address,
 * scheme, host and port, and the forwarded prefix as the beginning of the context path; the headers
 * of others are removed. Make it the first filter. A request that is refused gets status 400.
 *
 * <pre>{@code
 * <filter>
 *   <filter-name>forwarded</filter-name>
 *   <filter-class>dev.gangway.servlet.ForwardedFilter</filter-class>
 *   <init-param>
 *     <param-name>forwarded-allow-ips</param-name>
 *     <param-value>127.0.0.1,10.0.0.0/8</param-value>
 *   </init-param>
 *   <async-supported>true</async-supported>
 * </filter>
 * <filter-mapping>
 *   <filter-name>forwarded</filter-name>
 *   <url-pattern>/*</url-pattern>
 * </filter-mapping>
 * }</pre>
 *
 * <p>The init-params: {@code forwarded-allow-ips}, addresses and networks separated by commas, none
 * by default; {@code forwarded-hops}, at least 1; {@code forwarded-headers}, which is {@code any},
 * {@code forwarded} or {@code x-forwarded}.
 *
 * <p>Safe for many threads.
 */
public final class ForwardedFilter extends HttpFilter {

  private static final long serialVersionUID = 1;

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private static final List<String> SETTINGS =
      List.of("forwarded-allow-ips", "forwarded-hops", "forwarded-headers");

  private transient ForwardedHeaders policy;

  /** A filter that takes its settings from its init-params, and believes nobody without any. */
  public ForwardedFilter() {
    this(ForwardedHeaders.trusting(List.of()));
  }

  /**
   * A filter for a policy; init-params change it if there are any.
   *
   * @param policy whom to believe
   */
  public ForwardedFilter(ForwardedHeaders policy) {
    this.policy = policy;
  }

  /**
   * Reads the init-params.
   *
   * @throws ServletException if one is unknown or malformed
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    super.init(config);
    try {
      for (String name : Collections.list(config.getInitParameterNames())) {
        if (!SETTINGS.contains(name)) {
          throw new IllegalArgumentException(
              "there is no setting " + name + ", but " + String.join(", ", SETTINGS));
        }
      }
      String ips = config.getInitParameter("forwarded-allow-ips");
      if (ips != null) {
        policy = ForwardedHeaders.trusting(ForwardedHeaders.addresses(ips));
      }
      String hops = config.getInitParameter("forwarded-hops");
      if (hops != null) {
        policy = policy.hops(ForwardedHeaders.hops(hops));
      }
      String kind = config.getInitParameter("forwarded-headers");
      if (kind != null) {
        policy = policy.kind(ForwardedHeaders.Kind.of(kind));
      }
    } catch (IllegalArgumentException e) {
      throw new ServletException(
          "The filter " + config.getFilterName() + " does not start: " + e.getMessage(), e);
    }
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // Not twice when it is mapped to forwards as well: the client's address is no proxy's.
    if (ForwardedRequest.in(request) != null || !concerned(request.getHeaderNames())) {
      chain.doFilter(request, response);
      return;
    }
    ForwardedOrigin origin;
    try {
      origin =
          policy.decide(
              request.getRemoteAddr(),
              Collections.list(request.getHeaderNames()),
              name -> Collections.list(request.getHeaders(name)));
    } catch (IllegalArgumentException e) {
      LOGGER.log(Level.DEBUG, e.getMessage());
      ErrorPage.write(response, HttpServletResponse.SC_BAD_REQUEST);
      return;
    }
    ForwardedRequest forwarded = new ForwardedRequest(request, origin);
    chain.doFilter(forwarded, new ForwardedRedirects(forwarded, response));
  }

  private static boolean concerned(Enumeration<String> names) {
    while (names.hasMoreElements()) {
      if (ForwardedHeaders.concerns(names.nextElement())) {
        return true;
      }
    }
    return false;
  }
}
