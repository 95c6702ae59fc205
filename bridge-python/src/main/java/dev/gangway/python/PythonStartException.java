package dev.gangway.python;

import java.io.IOException;

/**
 * A Python application could not be started. If the interpreter got as far as importing it, the
 * message holds the Python traceback.
 */
public final class PythonStartException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure to start.
   *
   * @param message what failed, and what to do
   */
  public PythonStartException(String message) {
    super(message);
  }

  /**
   * A failure to start.
   *
   * @param message what failed, and what to do
   * @param cause why
   */
  public PythonStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
