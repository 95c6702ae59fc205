package dev.gangway.jetty;

/** Tells that a thread is completing a response. Knows no Jetty, which web applications lack. */
final class Completion {

  /** Only set for the time of a completion. */
  private static final ThreadLocal<Boolean> RUNNING = new ThreadLocal<>();

  private Completion() {}

  static void run(Runnable completion) {
    RUNNING.set(true);
    try {
      completion.run();
    } finally {
      RUNNING.remove();
    }
  }

  /** Whether this thread is completing a response; it is not any more after this. */
  static boolean end() {
    boolean running = RUNNING.get() != null;
    if (running) {
      RUNNING.remove();
    }
    return running;
  }
}
