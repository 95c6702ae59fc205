package dev.gangway.asgi;

import java.util.Map;

/**
 * The life of an application in a server (ASGI Lifespan 2.0).
 *
 * @param state to be filled during startup, may be changed until then
 */
public record LifespanScope(Map<String, Object> state) implements Scope {

  @Override
  public String type() {
    return "lifespan";
  }
}
