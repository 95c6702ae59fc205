package dev.gangway.spring;

import dev.gangway.python.PythonSetting;
import java.util.Arrays;
import java.util.List;

/** Why a Python application does not start, in the words of its mount. */
final class PythonStartFailure {

  private static final String TRACEBACK = "Traceback (most recent call last)";
  private static final int LINES = 15;

  private final String mount;
  private final String prefix;
  private final MountProperties properties;
  private final Exception cause;
  private final String message;

  private PythonStartFailure(String mount, MountProperties properties, Exception cause) {
    this.mount = mount;
    this.prefix = "gangway.mounts." + mount + ".";
    this.properties = properties;
    this.cause = cause;
    this.message = String.valueOf(cause.getMessage());
  }

  /**
   * Describes a failure.
   *
   * @param mount the mount's name
   * @param properties of the mount
   * @param cause what starting it threw
   */
  static MountException of(String mount, MountProperties properties, Exception cause) {
    return new PythonStartFailure(mount, properties, cause).exception();
  }

  private MountException exception() {
    if (cause instanceof IllegalArgumentException || message.startsWith("chdir ")) {
      String setting = setting();
      return failure(
          setting,
          setting.equals("chdir")
              ? "Set it to the folder of the application. A relative path begins at the folder in"
                  + " which the server is started."
              : "Change that setting.");
    }
    if (message.contains(TRACEBACK)) {
      return failure(
          "application",
          "Correct what the last line tells. If a module is missing, is "
              + prefix
              + "chdir the folder that the application is imported from, and "
              + prefix
              + "python the interpreter or the virtual environment that has its packages? They"
              + " are \""
              + (properties.chdir() == null ? "." : properties.chdir())
              + "\" and \""
              + properties.python()
              + "\".");
    }
    if (message.startsWith("The Python interpreter")) {
      return failure(
          "python",
          "Set "
              + prefix
              + "python to an interpreter, such as python3, or to the folder of a virtual"
              + " environment. A path is relative to "
              + prefix
              + "chdir.");
    }
    return failure("application", "Correct that, or set " + prefix + "enabled to false.");
  }

  private MountException failure(String setting, String action) {
    return new MountException(
        prefix + setting,
        "The mount \"" + mount + "\" does not start: " + shortened(),
        action,
        cause);
  }

  /** The checks of settings begin with the name of one. */
  private String setting() {
    return Arrays.stream(PythonSetting.values())
        .map(PythonSetting::settingName)
        .filter(name -> message.startsWith(name + " "))
        .findFirst()
        .orElse("application");
  }

  private String shortened() {
    List<String> lines = message.strip().lines().toList();
    if (lines.size() <= LINES) {
      return message.strip();
    }
    return lines.get(0)
        + System.lineSeparator()
        + "  ..."
        + System.lineSeparator()
        + String.join(
            System.lineSeparator(), lines.subList(lines.size() - LINES + 2, lines.size()));
  }
}
