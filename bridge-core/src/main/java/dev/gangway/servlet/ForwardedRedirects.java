package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.URI;

/** Redirects to URLs of the proxy, where the container would make those of this server. */
final class ForwardedRedirects extends HttpServletResponseWrapper {

  private final ForwardedRequest request;

  ForwardedRedirects(ForwardedRequest request, HttpServletResponse response) {
    super(response);
    this.request = request;
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    super.sendRedirect(absolute(location));
  }

  // Of Servlet 6.1, which this also runs on.

  /**
   * Redirects with a short note.
   *
   * @param location relative or absolute
   * @param status 3xx
   * @throws IOException if the client has left
   */
  public void sendRedirect(String location, int status) throws IOException {
    sendRedirect(location, status, true);
  }

  /**
   * Redirects with status 302.
   *
   * @param location relative or absolute
   * @param clearBuffer whether to drop what is in the buffer
   * @throws IOException if the client has left
   */
  public void sendRedirect(String location, boolean clearBuffer) throws IOException {
    sendRedirect(location, SC_FOUND, clearBuffer);
  }

  /**
   * Redirects.
   *
   * @param location relative or absolute
   * @param status 3xx
   * @param clearBuffer whether to drop what is in the buffer
   * @throws IOException if the client has left
   */
  public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
    if (clearBuffer) {
      resetBuffer();
    }
    setStatus(status);
    setHeader("Location", absolute(location));
    flushBuffer();
  }

  private String absolute(String location) {
    try {
      String url = request.getRequestURL().toString();
      return location.startsWith("//")
          ? request.getScheme() + ":" + location
          : URI.create(url).resolve(location).toString();
    } catch (IllegalArgumentException e) {
      return location.startsWith("/") ? request.base() + location : location;
    }
  }
}
