package dev.gangway.python;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a worker that ended unasked is replaced, and tells of a crash loop: of workers that
 * die again and again before they have answered a request or served for a second. Each failed try
 * makes the pause before the next longer; a worker that proves itself ends all that. Safe for many
 * threads.
 */
final class Restarts {

  private static final Logger LOG = System.getLogger(Restarts.class.getName());

  /** A worker that served at least this long has proved itself, answers or not. */
  static final Duration PROVED = Duration.ofSeconds(1);

  /** So many failed tries in a row are a crash loop. */
  private static final int CRASH_LOOP = 3;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String application;
  private final Statistics statistics;
  private final LongSupplier clock;
  private final DoubleSupplier chance;

  // Guarded by this.
  private int tries;
  private int failures;
  private long since;
  private String last = "";
  private long next;
  private boolean pending;

  private volatile boolean loop;

  /**
   * What to do about failures of one application.
   *
   * @param statistics hears of a crash loop
   * @param clock as {@link System#nanoTime()}
   * @param chance from 0 to 1, so that servers whose workers died together do not try together
   */
  Restarts(String application, Statistics statistics, LongSupplier clock, DoubleSupplier chance) {
    this.application = application;
    this.statistics = statistics;
    this.clock = clock;
    this.chance = chance;
  }

  /**
   * A worker ended, or could not be started, before it had proved itself.
   *
   * @param how a clause for the log, such as "worker 3 (pid 17) exited with code 3"
   * @param words what it said at its end; may be empty
   * @param serving how many other workers serve
   * @return how long to wait before the next try, or null if a try is due already
   */
  @Nullable Duration failed(String how, String words, int serving) {
    PythonSnapshot.CrashLoop begun = null;
    Duration pause;
    synchronized (this) {
      long now = clock.getAsLong();
      if (failures == 0) {
        since = now;
      }
      failures++;
      last = how;
      if (pending) {
        LOG.log(Level.WARNING, "{0} of {1}, too{2}", how, application, quoted(words));
        return null;
      }
      pending = true;
      tries++;
      pause = jittered(pause(tries));
      next = now + pause.toNanos();
      if (tries == CRASH_LOOP) {
        loop = true;
        begun = state(now);
      }
      log(words, serving, pause, Duration.ofNanos(now - since));
    }
    if (begun != null) {
      statistics.crashLoop(begun);
    }
    return pause;
  }

  private void log(String words, int serving, Duration pause, Duration time) {
    if (tries < CRASH_LOOP) {
      LOG.log(
          Level.ERROR,
          "{0} of {1}; the next is started in {2}{3}",
          last,
          application,
          shown(pause),
          quoted(words));
    } else if (tries == CRASH_LOOP) {
      LOG.log(
          Level.ERROR,
          "Crash loop: {0} workers of {1} died within {2} without an answer or a second of"
              + " service; the last: {3}. From now on one worker at a time is started, with pauses of up to {4};"
              + " the next try is in {5}. {6}{7}",
          failures,
          application,
          shown(time),
          last,
          shown(LONGEST_PAUSE),
          shown(pause),
          serving > 0
              ? "Workers that still serve: " + serving + "."
              : "Until a worker serves, requests get 503 at once.",
          quoted(words));
    } else {
      LOG.log(
          Level.WARNING,
          "Crash loop of {0} goes on: {1} workers died within {2}; the last: {3}. The next try is"
              + " in {4}{5}",
          application,
          failures,
          shown(time),
          last,
          shown(pause),
          quoted(lastLine(words)));
    }
  }

  private static String quoted(String words) {
    return words.isEmpty() ? "" : ". It said:\n" + words;
  }

  private static String lastLine(String words) {
    String stripped = words.strip();
    return stripped.substring(stripped.lastIndexOf('\n') + 1);
  }

  private static String shown(Duration duration) {
    return Math.round(duration.toMillis() / 100.0) / 10.0 + " s";
  }

  /** The pause after so many failed tries, before chance shortens it. */
  static Duration pause(int tries) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private Duration jittered(Duration pause) {
    return Duration.ofMillis((long) (pause.toMillis() * (1 - chance.getAsDouble() / 2)));
  }

  /** The pause is over. */
  synchronized void trying() {
    pending = false;
  }

  /**
   * How many workers may be started now.
   *
   * @param missing how many are missing
   * @param unproved how many run that have not proved themselves
   */
  synchronized int permitted(int missing, int unproved) {
    if (pending) {
      return 0;
    }
    return loop ? Math.min(missing, Math.max(0, 1 - unproved)) : missing;
  }

  /** A worker that was started lately has proved itself. */
  void proved() {
    boolean ended;
    synchronized (this) {
      ended = loop;
      loop = false;
      tries = 0;
      failures = 0;
    }
    if (ended) {
      LOG.log(Level.WARNING, "The crash loop of {0} is over: a worker serves again", application);
      statistics.recovered();
    }
  }

  boolean isLoop() {
    return loop;
  }

  /** The crash loop, or null if there is none. */
  synchronized PythonSnapshot.@Nullable CrashLoop state() {
    return loop ? state(clock.getAsLong()) : null;
  }

  private PythonSnapshot.CrashLoop state(long now) {
    return new PythonSnapshot.CrashLoop(
        failures, Duration.ofNanos(now - since), last, untilNextTry(now));
  }

  private Duration untilNextTry(long now) {
    return pending ? Duration.ofNanos(Math.max(0, next - now)) : Duration.ZERO;
  }

  /** After how many seconds a client may try again; at least 1. */
  synchronized int retryAfter() {
    return (int) (1 + untilNextTry(clock.getAsLong()).toSeconds());
  }
}
