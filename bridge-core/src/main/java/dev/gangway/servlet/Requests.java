package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;

/** Names requests in messages. */
final class Requests {

  private Requests() {}

  /**
   * A request in a log message.
   *
   * @param request the request
   * @return method and raw path; containers let no control characters through in either
   */
  static String describe(HttpServletRequest request) {
    return request.getMethod() + " " + request.getRequestURI();
  }
}
