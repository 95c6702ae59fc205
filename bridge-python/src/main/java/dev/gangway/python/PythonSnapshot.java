package dev.gangway.python;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Python application is doing at one moment. The counts begin with the application and only
 * grow.
 *
 * @param application the setting of that name
 * @param workers those that run now
 * @param queued requests that no worker has taken yet
 * @param running requests that workers are answering
 * @param spooledBytes what responses take on disk that wait for clients that read slowly
 * @param answered requests that a worker has answered, with whatever status
 * @param lost requests whose worker ended (502)
 * @param timedOut requests whose worker was silent for too long (504)
 * @param rejected requests that no worker took in time (503)
 * @param workersEnded workers that ended without being asked to
 * @param queueTime how long answered requests waited for a worker, all together
 * @param serviceTime how long workers took to answer them, all together
 * @param crashLoop what is known of workers that die again and again as they start; null if they do
 *     not
 */
public record PythonSnapshot(
    String application,
    List<Worker> workers,
    int queued,
    int running,
    long spooledBytes,
    long answered,
    long lost,
    long timedOut,
    long rejected,
    long workersEnded,
    Duration queueTime,
    Duration serviceTime,
    @Nullable CrashLoop crashLoop) {

  /**
   * Workers die again and again before they have answered a request or served for a second, so they
   * are started one at a time and with pauses. While none serves, requests get 503 at once.
   *
   * @param failures how many have died since it began
   * @param time since the first of them died
   * @param lastFailure how the last of them ended, in words
   * @param nextTry until the next worker is started; zero if it is starting now
   */
  public record CrashLoop(int failures, Duration time, String lastFailure, Duration nextTry) {}

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
