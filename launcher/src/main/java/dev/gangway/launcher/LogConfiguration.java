package dev.gangway.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One line for each record on standard error, as gunicorn writes them, with the logger's name:
 * {@code [2026-11-20 10:00:00 +0000] [1234] [INFO] dev.gangway: message}.
 */
public final class LogConfiguration {

  private static final String CONFIGURATION = "java.util.logging.config.class";

  /** Kept, because the log manager forgets loggers that nobody holds, and their levels. */
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  /** For {@link LogManager}, by the name in a system property. */
  public LogConfiguration() {
    ConsoleHandler console = new ConsoleHandler();
    console.setFormatter(new OneLine());
    console.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    for (Handler other : root.getHandlers()) {
      root.removeHandler(other);
    }
    root.addHandler(console);
    root.setLevel(Level.INFO);
    JETTY.setLevel(Level.WARNING);
    TOMCAT.setLevel(Level.WARNING);
  }

  /** Before the first record; unless the user configured logging with a system property. */
  static void install() {
    if (System.getProperty(CONFIGURATION) != null
        || System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    // By the property, because Tomcat puts its own formatter in place without it.
    System.setProperty(CONFIGURATION, LogConfiguration.class.getName());
    try {
      LogManager.getLogManager().readConfiguration();
    } catch (IOException e) {
      throw new IllegalStateException("Logging cannot be configured", e);
    }
  }

  /** Sets how much is logged, by gunicorn's name of the level. */
  static void level(String name) {
    Level level =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "debug" -> Level.FINE;
          case "info" -> Level.INFO;
          case "warning" -> Level.WARNING;
          case "error", "critical" -> Level.SEVERE;
          default ->
              throw new IllegalArgumentException(
                  "Unknown log level \""
                      + name
                      + "\". Use debug, info, warning, error or critical.");
        };
    Logger.getLogger("").setLevel(level);
    boolean more = level.intValue() < Level.INFO.intValue();
    JETTY.setLevel(more ? Level.INFO : max(level, Level.WARNING));
    TOMCAT.setLevel(more ? Level.INFO : max(level, Level.WARNING));
  }

  private static Level max(Level one, Level other) {
    return one.intValue() > other.intValue() ? one : other;
  }

  private static final class OneLine extends Formatter {

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private static final long PID = ProcessHandle.current().pid();

    @Override
    public String format(LogRecord record) {
      StringWriter text = new StringWriter();
      PrintWriter line = new PrintWriter(text);
      line.print("[" + TIME.format(record.getInstant()) + "] [" + PID + "] [");
      line.print(name(record.getLevel()) + "] " + record.getLoggerName() + ": ");
      line.println(formatMessage(record));
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(line);
      }
      return text.toString();
    }

    private static String name(Level level) {
      if (level.intValue() >= Level.SEVERE.intValue()) {
        return "ERROR";
      }
      if (level.intValue() >= Level.WARNING.intValue()) {
        return "WARNING";
      }
      return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }
  }
}
