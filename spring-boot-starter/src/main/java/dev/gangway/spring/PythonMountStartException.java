package dev.gangway.spring;

/** The Python application of a mount does not start; the cause tells why. */
final class PythonMountStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String mount;

  PythonMountStartException(String mount, Exception cause) {
    super("The mount " + mount + " does not start: " + cause.getMessage(), cause);
    this.mount = mount;
  }

  /** The mount's name. */
  String mount() {
    return mount;
  }
}
