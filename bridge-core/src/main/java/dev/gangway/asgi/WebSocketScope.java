package dev.gangway.asgi;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One WebSocket (ASGI WebSocket 2.5, "Websocket Connection Scope").
 *
 * @param connection where it comes from and what it asks for
 * @param subprotocols those that the client offers, in its order
 * @param state the connection's own copy of the lifespan's state
 * @param extensions names of the extensions that the server has, such as {@code
 *     websocket.http.response}
 */
public record WebSocketScope(
    ConnectionScope connection,
    List<String> subprotocols,
    Map<String, Object> state,
    Set<String> extensions)
    implements Scope {

  @Override
  public String type() {
    return "websocket";
  }
}
