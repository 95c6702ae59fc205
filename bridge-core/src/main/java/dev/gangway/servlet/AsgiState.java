package dev.gangway.servlet;

import java.util.HashMap;
import java.util.Map;

/**
 * The state of an application's lifespan, of which every connection gets a copy of its own (ASGI
 * Lifespan 2.0, "Lifespan State"). Safe for many threads.
 */
final class AsgiState {

  private volatile Map<String, Object> state = Map.of();

  /**
   * Takes what the startup has left.
   *
   * @param filled copied
   */
  void set(Map<String, Object> filled) {
    state = Map.copyOf(filled);
  }

  /**
   * A copy, of the map and not of its values.
   *
   * @return the caller's own
   */
  Map<String, Object> copy() {
    return new HashMap<>(state);
  }
}
