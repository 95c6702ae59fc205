package dev.gangway.python;

/**
 * Counts the fences in the request FIFO: tokens that come back when all before them have been read,
 * so that it is known which calls a worker that died may have read without marking them. Used by
 * the reading thread; {@link #written} by any.
 */
final class Fences {

  /** Tokens of all slots and so many fences fit into the FIFO, so that writing one never waits. */
  private static final int MOST = 64;

  private volatile int written;
  private int passed;
  private boolean wanted;

  /** How many fences have been written; a call remembers it before its token is written. */
  int written() {
    return written;
  }

  /**
   * Whether to write another now. If not, then one is due when one of those in the FIFO has passed:
   * nobody reads, so nothing behind them can be lost.
   */
  boolean request() {
    wanted = written - passed >= MOST;
    return !wanted;
  }

  /** The number of the fence to be written. */
  int next() {
    return written + 1;
  }

  /** The fence is in the FIFO. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  void wrote() {
    written++;
  }

  /**
   * A fence has come back.
   *
   * @param number as a worker says, so it may be any
   * @return whether it is one that was in the FIFO; then those before it have passed as well
   */
  boolean passed(int number) {
    if (number <= passed || number > written) {
      return false;
    }
    passed = number;
    return true;
  }

  /** Fences may be lost: those in the FIFO count as passed, and the next one tells. */
  void forget() {
    passed = written;
    wanted = false;
  }

  /** Whether a fence that was asked for is to be written now. */
  boolean isWanted() {
    return wanted;
  }
}
