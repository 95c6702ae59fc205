package dev.gangway.asgi;

import java.util.Map;
import java.util.Set;

/**
 * One HTTP request (ASGI HTTP 2.5, "HTTP Connection Scope").
 *
 * @param connection where it comes from and what it asks for
 * @param method in upper case
 * @param state the connection's own copy of the lifespan's state
 * @param extensions names of the extensions that the server has, such as {@code
 *     http.response.pathsend}
 */
public record HttpScope(
    ConnectionScope connection, String method, Map<String, Object> state, Set<String> extensions)
    implements Scope {

  @Override
  public String type() {
    return "http";
  }
}
