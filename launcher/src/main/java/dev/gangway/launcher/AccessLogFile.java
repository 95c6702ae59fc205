package dev.gangway.launcher;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where the lines of the access log go. Safe for many threads. */
final class AccessLogFile implements AutoCloseable {

  private final @Nullable PrintStream out;

  private AccessLogFile(@Nullable PrintStream out) {
    this.out = out;
  }

  /** Opens a file to append to, standard output for {@code -}, or nothing for null. */
  static AccessLogFile open(@Nullable String file) throws IOException {
    if (file == null) {
      return new AccessLogFile(null);
    }
    return new AccessLogFile(
        file.equals("-")
            ? System.out
            : new PrintStream(new FileOutputStream(file, true), true, StandardCharsets.UTF_8));
  }

  boolean isOn() {
    return out != null;
  }

  void line(String line) {
    if (out != null) {
      out.println(line);
      out.flush();
    }
  }

  @Override
  public void close() {
    if (out != null && out != System.out) {
      out.close();
    }
  }
}
