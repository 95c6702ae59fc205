package dev.gangway.spring;

import org.jspecify.annotations.Nullable;

/** Something cannot be mounted; told to the user by {@link MountFailureAnalyzer}. */
final class MountException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String property;
  private final String action;

  /**
   * A failure.
   *
   * @param property that is wrong or missing, such as {@code gangway.mounts.shop.path}, or empty
   * @param description what is wrong
   * @param action what to do
   * @param cause why, if another failure is behind it
   */
  MountException(String property, String description, String action, @Nullable Throwable cause) {
    super(description, cause);
    this.property = property;
    this.action = action;
  }

  String property() {
    return property;
  }

  String action() {
    return action;
  }
}
