package dev.gangway.python;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * One end of a named pipe. It is opened for reading and writing, so that opening never waits for
 * the other side, and through {@link RandomAccessFile}, whose calls an interrupted thread does not
 * close as it would close a channel. Safe for many threads: a token is written by one system call.
 */
final class Fifo implements AutoCloseable {

  /** So many bytes are read in one call; a larger buffer would be allocated natively each time. */
  private static final int BATCH = 512 * Token.SIZE;

  private final byte[] batch = new byte[BATCH];
  private final RandomAccessFile file;

  Fifo(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "rw");
  }

  void write(Token token) throws IOException {
    file.write(token.bytes());
  }

  /** Somebody has written what is no whole token; where tokens begin is known again after it. */
  static final class TornException extends IOException {
    private static final long serialVersionUID = 1;

    TornException(int length) {
      super(length + " bytes, which are not whole tokens of " + Token.SIZE);
    }
  }

  /**
   * Waits for at least one token, and returns all that are there. For one thread only.
   *
   * @throws TornException if there are not only whole tokens; all that was there is dropped
   */
  ByteBuffer read() throws IOException {
    int length = file.read(batch);
    if (length <= 0) {
      throw new IOException("A FIFO of the workers has ended");
    }
    if (length % Token.SIZE != 0) {
      throw new TornException(length);
    }
    return ByteBuffer.wrap(batch, 0, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
