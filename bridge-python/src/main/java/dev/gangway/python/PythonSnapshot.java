package dev.gangway.python;

import java.time.Duration;
import java.util.List;

/**
 * What a Python application is doing at one moment. The counts begin with the application and only
 * grow.
 *
 * @param application the setting of that name
 * @param workers those that run now
 * @param queued requests that no worker has taken yet
 * @param running requests that workers are answering
 * @param answered requests that a worker has answered, with whatever status
 * @param lost requests whose worker ended (502)
 * @param timedOut requests whose worker was silent for too long (504)
 * @param rejected requests that no worker took in time (503)
 * @param workersEnded workers that ended without being asked to
 * @param queueTime how long answered requests waited for a worker, all together
 * @param serviceTime how long workers took to answer them, all together
 */
public record PythonSnapshot(
    String application,
    List<Worker> workers,
    int queued,
    int running,
    long answered,
    long lost,
    long timedOut,
    long rejected,
    long workersEnded,
    Duration queueTime,
    Duration serviceTime) {

  /** What a worker is about. */
  public enum State {
    /** It is importing the application. */
    STARTING,
    /** It takes requests. */
    SERVING,
    /** Another takes its place; it finishes what it has in hand. */
    RETIRING
  }

  /**
   * A worker.
   *
   * @param number its number in this application, never used again
   * @param pid its process id
   * @param state what it is about
   * @param served how long it has been ready
   * @param answered how many requests it has answered
   * @param running how many it is answering
   * @param residentBytes its memory in RAM, or 0 where the system does not tell
   */
  public record Worker(
      int number,
      long pid,
      State state,
      Duration served,
      long answered,
      int running,
      long residentBytes) {}
}
