package dev.gangway.asgi;

import java.util.Map;

/** What is known of a connection when it begins (ASGI 3.0, "Connection Scope"). */
public sealed interface Scope permits HttpScope, WebSocketScope, LifespanScope {

  /**
   * The kind of connection.
   *
   * @return {@code http}, {@code websocket} or {@code lifespan}
   */
  String type();

  /**
   * What the application put there during its startup (ASGI Lifespan 2.0, "Lifespan State").
   *
   * @return in the lifespan the map to fill; in other scopes a copy of it, which is the
   *     connection's own
   */
  Map<String, Object> state();
}
