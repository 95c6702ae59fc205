package dev.gangway.servlet;

import java.io.PrintWriter;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** {@code wsgi.errors}: each line becomes a message of the logger {@code dev.gangway.errors}. */
final class ErrorLog extends Writer {

  private static final Logger LOGGER = System.getLogger("dev.gangway.errors");

  private final StringBuilder line = new StringBuilder();

  static PrintWriter open() {
    return new PrintWriter(new ErrorLog());
  }

  @Override
  public void write(char[] text, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (text[i] == '\n') {
        flush();
      } else if (text[i] != '\r') {
        line.append(text[i]);
      }
    }
  }

  @Override
  public void flush() {
    if (!line.isEmpty()) {
      LOGGER.log(Level.ERROR, line.toString());
      line.setLength(0);
    }
  }

  @Override
  public void close() {
    flush();
  }
}
