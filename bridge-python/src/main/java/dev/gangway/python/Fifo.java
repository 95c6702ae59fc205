package dev.gangway.python;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * One end of a named pipe. It is opened for reading and writing, so that opening never waits for
 * the other side, and through {@link RandomAccessFile}, whose calls an interrupted thread does not
 * close as it would close a channel. Safe for many threads: a token is written by one system call.
 */
final class Fifo implements AutoCloseable {

  private final RandomAccessFile file;

  Fifo(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "rw");
  }

  void write(Token token) throws IOException {
    file.write(token.bytes());
  }

  /**
   * Waits for at least one byte, and reads those that are there.
   *
   * @return how many bytes were read, at least one
   */
  int read(byte[] into, int offset, int length) throws IOException {
    int read = file.read(into, offset, length);
    if (read <= 0) {
      throw new IOException("A FIFO of the workers has ended");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
