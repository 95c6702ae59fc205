package dev.gangway.python.conformance;

import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.awaitility.Awaitility;

/** What a server logs, by one logger and those below it. */
public interface ServerLog extends AutoCloseable {

  /** A message. */
  record Entry(Level level, String message) {}

  /** Begins to listen to a logger of this JVM. */
  static ServerLog of(String logger) {
    return LogCapture.of(logger);
  }

  /** What was logged so far. */
  List<Entry> entries();

  /** Ends to listen. */
  @Override
  void close();

  /** The texts of what was logged so far. */
  default List<String> messages() {
    return entries().stream().map(Entry::message).toList();
  }

  /** Waits for a message that contains a text. */
  default void await(String part) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> messages().stream().anyMatch(message -> message.contains(part)));
  }
}
