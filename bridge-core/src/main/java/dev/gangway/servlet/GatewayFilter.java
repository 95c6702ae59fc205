package dev.gangway.servlet;

import dev.gangway.GatewayApplication;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Mounts a gateway application as a filter: what the application does not answer goes on to the
 * filters and servlets behind it. {@code SCRIPT_NAME} is the context path. A request that is passed
 * on has the body that the application left of it. Safe for many threads if the application is.
 *
 * <pre>{@code
 * context.addFilter("site", new GatewayFilter(application, 404, 405));
 * }</pre>
 */
public class GatewayFilter extends HttpFilter {

  private static final long serialVersionUID = 1;

  private final transient ServletBridge bridge;

  /**
   * A filter for an application.
   *
   * @param application called for every request
   * @param passedOn statuses of the application with which the request goes on to the chain, such
   *     as 404; the application's answer is dropped then
   */
  public GatewayFilter(GatewayApplication application, Integer... passedOn) {
    bridge = ServletBridge.ofFilter(application, Set.of(passedOn));
  }

  /**
   * Answers a request with the application, or passes it on.
   *
   * @param request the request
   * @param response its response
   * @param chain what is behind this filter
   * @throws IOException to make the container break the connection, after a failure that is logged
   * @throws ServletException if the chain does
   */
  @Override
  protected final void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!bridge.service(request, response)) {
      chain.doFilter(request, response);
    }
  }

  /**
   * Lets a request that is not HTTP pass.
   *
   * @param request any
   * @param response its response
   * @param chain what is behind this filter
   * @throws IOException as the other method
   * @throws ServletException as the other method
   */
  @Override
  public final void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest && response instanceof HttpServletResponse) {
      super.doFilter(request, response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }
}
