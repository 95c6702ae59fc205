package dev.gangway.python;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Our end of the FIFO on which a worker's thread is told to go on. A thread waits for each token,
 * so only a broken worker leaves many of them unread; then nothing more is written, for the FIFO
 * would fill up, and writing wait for ever. Safe for many threads.
 */
final class CreditFifo implements AutoCloseable {

  /** The smallest FIFO that Linux makes, one page, has room for four times as many tokens. */
  private static final int CHECKED_EVERY = 64;

  private final RandomAccessFile file;

  /** Of the same descriptor, to ask how much is unread. */
  private final FileInputStream unread;

  private final AtomicInteger written = new AtomicInteger();
  private volatile boolean full;

  CreditFifo(Path path) throws IOException {
    // For reading too: opening must not wait for a worker that has ended meanwhile.
    file = new RandomAccessFile(path.toFile(), "rw");
    unread = new FileInputStream(file.getFD());
  }

  /**
   * Writes a token.
   *
   * @return false, once, if the worker has left too many unread
   */
  boolean write(Token token) throws IOException {
    if (full) {
      return true;
    }
    if (written.incrementAndGet() % CHECKED_EVERY == 0
        && unread.available() > CHECKED_EVERY * Token.SIZE) {
      full = true;
      return false;
    }
    file.write(token.bytes());
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
