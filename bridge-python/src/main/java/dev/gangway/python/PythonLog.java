package dev.gangway.python;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes on to the host's log what Python logs, with its level and its logger's name. The message
 * begins with the request's id in brackets, file and line, as far as there are any.
 */
final class PythonLog {

  /** An application may make names up: so many loggers are kept, others share one. */
  private static final int LOGGERS = 1000;

  private static final Logger OTHERS = System.getLogger("python");
  private static final Logger STANDARD_ERROR = System.getLogger("python.stderr");
  private static final Map<String, Logger> loggers = new ConcurrentHashMap<>();

  private PythonLog() {}

  /** A line that the application printed. */
  static void standardError(String line) {
    STANDARD_ERROR.log(Level.WARNING, line);
  }

  /** A record: level, logger, file, line, request's id and message, separated by NUL. */
  static void record(String text) {
    String[] fields = text.split("\0", 6);
    if (fields.length == 6) {
      Logger logger = logger(fields[1]);
      Level level = level(fields[0]);
      if (logger.isLoggable(level)) {
        String request = fields[4].isEmpty() ? "" : "[" + fields[4] + "] ";
        String place = fields[2].isEmpty() ? "" : fields[2] + ":" + fields[3] + ": ";
        logger.log(level, request + place + fields[5]);
      }
    }
  }

  private static Logger logger(String name) {
    Logger known = loggers.get(name);
    if (known != null) {
      return known;
    }
    if (name.isEmpty() || loggers.size() >= LOGGERS) {
      return OTHERS;
    }
    return loggers.computeIfAbsent(name, System::getLogger);
  }

  /** Python's levels: DEBUG 10, INFO 20, WARNING 30, ERROR 40, CRITICAL 50. */
  private static Level level(String number) {
    int value;
    try {
      value = Integer.parseInt(number);
    } catch (NumberFormatException e) {
      return Level.ERROR;
    }
    if (value >= 40) {
      return Level.ERROR;
    }
    if (value >= 30) {
      return Level.WARNING;
    }
    if (value >= 20) {
      return Level.INFO;
    }
    return value >= 10 ? Level.DEBUG : Level.TRACE;
  }
}
