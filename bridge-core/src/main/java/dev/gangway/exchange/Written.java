package dev.gangway.exchange;

import org.jspecify.annotations.Nullable;

/** Told once when something has been written, or cannot be. */
@FunctionalInterface
public interface Written {

  /** For parts that nobody waits for. */
  Written IGNORED = failure -> {};

  /**
   * The part has left for the client, or the client has left.
   *
   * @param failure why it was not written, or null
   */
  void done(@Nullable Throwable failure);
}
