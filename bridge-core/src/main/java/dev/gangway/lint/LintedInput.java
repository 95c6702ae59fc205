package dev.gangway.lint;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The rules of {@code wsgi.input}. */
final class LintedInput extends FilterInputStream {

  private volatile boolean bodyClosed;

  LintedInput(InputStream input) {
    super(input);
  }

  void bodyClosed() {
    bodyClosed = true;
  }

  @Override
  public int read() throws IOException {
    checkOpen();
    return super.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    checkOpen();
    return super.read(bytes, offset, length);
  }

  private void checkOpen() {
    if (bodyClosed) {
      throw Rule.INPUT.broken("It was read afterwards.");
    }
  }

  @Override
  public void close() {
    throw Rule.INPUT.broken("It was closed.");
  }
}
