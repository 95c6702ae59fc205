package dev.gangway;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where a lazy {@link Environ} takes its values from. */
public interface EnvironSource {

  /**
   * The value of a key.
   *
   * @param key a key of the environ
   * @return the value, or null if the request has none
   */
  @Nullable Object get(String key);

  /**
   * Hands out every key with its value, each key once.
   *
   * @param action called for each
   */
  void forEach(BiConsumer<String, Object> action);
}
