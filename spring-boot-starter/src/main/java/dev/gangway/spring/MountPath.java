package dev.gangway.spring;

/** The path of a mount. */
final class MountPath {

  private MountPath() {}

  /**
   * Checks a path.
   *
   * @param path as it was written
   * @return without a slash at its end; empty for the root
   * @throws IllegalArgumentException if it is malformed
   */
  static String of(String path) {
    if (path.equals("/")) {
      return "";
    }
    if (!path.matches("(/[^/*?#;%\\s]+)+/?")) {
      throw new IllegalArgumentException(
          "A mount's path must begin with a slash and hold neither wildcards nor escapes, such as"
              + " /shop, not \""
              + path
              + "\"");
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
