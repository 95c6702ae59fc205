package dev.gangway.servlet;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after another, in the order in which they come, on the threads that bring them: a
 * thread that finds another at work leaves its task to that one. So what only tasks touch needs no
 * lock, and a task that brings another does not nest.
 */
final class TaskQueue {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Has a task run, now or soon.
   *
   * @param task must not block
   */
  void run(Runnable task) {
    tasks.add(task);
    if (waiting.getAndIncrement() > 0) {
      return;
    }
    do {
      try {
        tasks.remove().run();
      } catch (RuntimeException | Error e) {
        LOGGER.log(Level.ERROR, "A task of a WebSocket failed, please report this", e);
      }
    } while (waiting.decrementAndGet() > 0);
  }
}
