package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestartsTest {

  private final List<String> events = new ArrayList<>();
  private final PythonListener listener =
      new PythonListener() {
        @Override
        public void crashLoopBegan(PythonSnapshot.CrashLoop loop) {
          events.add("began " + loop.failures());
        }

        @Override
        public void crashLoopEnded() {
          events.add("ended");
        }
      };
  private final AtomicLong clock = new AtomicLong(-5);
  private double chance;
  private final Restarts restarts =
      new Restarts("site", new Statistics(List.of(listener)), clock::get, () -> chance);

  private void fail() {
    Duration pause = restarts.failed("Worker 1 exited with code 3", "", 0);
    assertThat(pause).isNotNull();
    clock.addAndGet(pause.toNanos());
    restarts.trying();
  }

  @Test
  void pausesGrowForWorkersThatNeverServe() {
    assertThat(Restarts.pause(1)).isEqualTo(Duration.ofMillis(200));
    assertThat(Restarts.pause(2)).isEqualTo(Duration.ofMillis(400));
    assertThat(Restarts.pause(100)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void chanceShortensAPauseByUpToHalf() {
    chance = 1;
    assertThat(restarts.failed("Worker 1 died", "", 0)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void workersThatDieTogetherAreOneTry() {
    assertThat(restarts.failed("Worker 1 died", "", 0)).isNotNull();
    assertThat(restarts.permitted(4, 0)).as("before the pause is over").isZero();
    for (int i = 0; i < 10; i++) {
      assertThat(restarts.failed("Worker 2 died", "", 0)).isNull();
    }
    restarts.trying();
    assertThat(restarts.isLoop()).isFalse();
    assertThat(restarts.permitted(4, 0)).isEqualTo(4);
  }

  @Test
  void aCrashLoopIsToldOnceAndEndsWithAWorkerThatServes() {
    for (int i = 0; i < 5; i++) {
      fail();
    }
    assertThat(restarts.isLoop()).isTrue();
    assertThat(restarts.permitted(4, 0)).as("one at a time").isEqualTo(1);
    assertThat(restarts.permitted(4, 1)).isZero();
    assertThat(restarts.state())
        .isEqualTo(
            new PythonSnapshot.CrashLoop(
                5, Duration.ofMillis(6_200), "Worker 1 exited with code 3", Duration.ZERO));
    assertThat(restarts.retryAfter()).isEqualTo(1);
    restarts.proved();
    restarts.proved();
    assertThat(restarts.state()).isNull();
    assertThat(restarts.permitted(4, 0)).isEqualTo(4);
    assertThat(events).containsExactly("began 3", "ended");
  }

  @Test
  void aClientMayTryAgainWhenTheNextWorkerHasBeenStarted() {
    for (int i = 0; i < 5; i++) {
      fail();
    }
    assertThat(restarts.failed("Worker 6 died", "", 0)).isEqualTo(Duration.ofMillis(6_400));
    assertThat(restarts.retryAfter()).isEqualTo(7);
  }
}
