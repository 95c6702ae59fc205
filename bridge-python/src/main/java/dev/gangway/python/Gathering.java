package dev.gangway.python;

/**
 * How long to wait before the next look for answers, so that several come together. While more
 * requests wait than the workers can have in hand, an answer may wait for others: the workers have
 * enough to do, and waking up for each answer would take from them the processors and what is in
 * their caches. For one thread.
 */
final class Gathering {

  // All in nanoseconds.
  private static final long LONGEST = 500_000;

  /** Less than that is not worth the sleep. */
  private static final long SHORTEST = 100_000;

  /** Answers that come faster than one in this time come together by themselves. */
  private static final long FAST = 50_000;

  /** So many looks weigh as much as all before them in the mean interval. */
  private static final int MEMORY = 8;

  private final int capacity;
  private long interval;
  private long last = System.nanoTime();

  /**
   * Nothing is known yet about how fast answers come.
   *
   * @param capacity how many requests the workers can have in hand
   */
  Gathering(int capacity) {
    this.capacity = capacity;
  }

  /**
   * How long to wait now, in nanoseconds; 0 for not at all.
   *
   * @param now in {@link System#nanoTime()}
   * @param answers how many the last look has found
   * @param midway whether a worker among them waits until it may go on
   * @param inHand how many requests wait or are being answered
   */
  long pause(long now, int answers, boolean midway, int inHand) {
    long each = Math.min(LONGEST, (now - last) / Math.max(1, answers));
    interval += (each - interval) / MEMORY;
    last = now;
    if (midway || interval < FAST) {
      return 0;
    }
    // In half of the time that it takes to answer those that wait, no worker runs out of them.
    long pause = Math.min(LONGEST, (inHand - capacity) * interval / 2);
    return pause < SHORTEST ? 0 : pause;
  }
}
