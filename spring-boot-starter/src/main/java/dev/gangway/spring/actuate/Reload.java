package dev.gangway.spring.actuate;

import org.jspecify.annotations.Nullable;

/**
 * What became of a reload.
 *
 * @param outcome in one word
 * @param error why it was not done, with the Python traceback; null if it was
 */
public record Reload(Outcome outcome, @Nullable String error) {

  /** What became of a reload, in one word. */
  public enum Outcome {
    /** New workers serve. */
    RELOADED,
    /** New workers do not start; the old ones stay. */
    FAILED,
    /** The application does not run. */
    STOPPED,
    /** There is no such mount. */
    UNKNOWN
  }
}
