package dev.gangway.python.conformance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged, at any level, by a logger and those below it. */
final class LogCapture extends Handler implements ServerLog {

  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Level before;

  private LogCapture(Logger logger) {
    this.logger = logger;
    before = logger.getLevel();
    logger.setLevel(Level.ALL);
    logger.addHandler(this);
  }

  /** Begins to listen; {@code ""} is every logger. */
  static LogCapture of(String name) {
    return new LogCapture(Logger.getLogger(name));
  }

  List<LogRecord> records() {
    return records;
  }

  @Override
  public List<Entry> entries() {
    return records.stream().map(record -> new Entry(record.getLevel(), message(record))).toList();
  }

  /** A message that is there, or comes soon. */
  LogRecord await(Predicate<LogRecord> wanted) {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> records.stream().anyMatch(wanted));
    return records.stream().filter(wanted).findFirst().orElseThrow();
  }

  /** Waits for a logger's message that contains a text. */
  LogRecord await(String loggerName, String part) {
    return await(
        record -> loggerName.equals(record.getLoggerName()) && message(record).contains(part));
  }

  private static String message(LogRecord record) {
    return String.valueOf(record.getMessage());
  }

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(before);
  }
}
