package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {

  private static final long MICRO = 1000;

  private final Gathering gathering = new Gathering(2);
  private long now = System.nanoTime();

  /** The pause after so many looks that found one answer each. */
  private long pause(long interval, boolean midway, int inHand) {
    long pause = 0;
    for (int i = 0; i < 100; i++) {
      now += interval;
      pause = gathering.pause(now, 1, midway, inHand);
    }
    return pause;
  }

  @Test
  void waitsWhileMoreRequestsWaitThanWorkersCanHaveInHand() {
    assertThat(pause(100 * MICRO, false, 32)).isEqualTo(500 * MICRO);
    assertThat(pause(100 * MICRO, false, 6)).isBetween(190 * MICRO, 200 * MICRO);
  }

  @Test
  void doesNotWaitWhileAWorkerMayBeIdle() {
    assertThat(pause(100 * MICRO, false, 2)).isZero();
    assertThat(pause(100 * MICRO, false, 0)).isZero();
    assertThat(pause(100 * MICRO, false, 3)).isZero();
  }

  @Test
  void doesNotWaitWhileAnswersComeFast() {
    assertThat(pause(20 * MICRO, false, 32)).isZero();
  }

  @Test
  void doesNotWaitWhileAWorkerWaitsUntilItMayGoOn() {
    assertThat(pause(100 * MICRO, true, 32)).isZero();
  }

  @Test
  void forgetsALongTimeWithoutRequests() {
    assertThat(pause(3_600_000_000L * MICRO, false, 0)).isZero();
    assertThat(pause(20 * MICRO, false, 32)).isZero();
  }

  @Test
  void countsAnswersThatCameTogether() {
    long pause = 0;
    for (int i = 0; i < 100; i++) {
      now += 300 * MICRO;
      pause = gathering.pause(now, 10, false, 32);
    }
    assertThat(pause).isZero();
  }
}
