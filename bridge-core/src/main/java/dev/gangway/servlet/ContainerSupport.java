package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * What the Servlet API has no word for and one container can do. Found by {@link
 * java.util.ServiceLoader}; bridge-jetty and bridge-tomcat each bring one. Safe for many threads.
 */
public interface ContainerSupport {

  /**
   * Whether this support knows the container of the request.
   *
   * @param request as the servlet received it, perhaps wrapped
   * @return true if {@link #abort} works for it
   */
  boolean supports(HttpServletRequest request);

  /**
   * Breaks the response off, so that the client can tell that it is not complete: closes the
   * connection, or resets the stream in HTTP/2. May be called by any thread.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it
   * @param cause what failed
   */
  void abort(HttpServletRequest request, HttpServletResponse response, Throwable cause);
}
