package dev.gangway.launcher;

import java.util.Map;

/** Where the program begins. */
public final class Main {

  private Main() {}

  /**
   * Serves applications until a signal stops it, and exits with 0; 1 if the server does not start,
   * 2 if the command line is wrong, 3 if an application does not start.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    LogConfiguration.install();
    Map<String, String> environment = System.getenv();
    System.exit(CommandLineOptions.execute(arguments, environment, Launcher::run));
  }
}
