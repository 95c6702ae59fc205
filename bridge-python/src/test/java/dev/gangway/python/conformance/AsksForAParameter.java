package dev.gangway.python.conformance;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What a filter for character encodings or hidden methods does. */
@SuppressWarnings("serial")
public final class AsksForAParameter extends HttpFilter {

  /** A filter that asks where the client says so. */
  public AsksForAParameter() {}

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getHeader("X-Ask") != null) {
      request.getParameter("any");
    }
    chain.doFilter(request, response);
  }
}
