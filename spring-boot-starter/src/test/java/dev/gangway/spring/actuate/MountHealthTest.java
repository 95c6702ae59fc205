package dev.gangway.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.PythonSnapshot;
import dev.gangway.python.PythonSnapshot.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MountHealthTest {

  private static final PythonSnapshot.CrashLoop LOOP =
      new PythonSnapshot.CrashLoop(
          4, Duration.ofSeconds(3), "Worker 7 exited with code 1", Duration.ofMillis(1500));

  @Test
  void aMountThatIsNotStartedIsOutOfService() {
    MountHealth health = MountHealth.of((PythonSnapshot) null);
    assertThat(health.status()).isEqualTo("OUT_OF_SERVICE");
    assertThat(health.details()).containsExactly(Map.entry("state", "stopped"));
  }

  @Test
  void aMountWhoseWorkersAreStartingOrRetiringIsOutOfService() {
    MountHealth health = MountHealth.of(snapshot(null, State.STARTING, State.RETIRING));
    assertThat(health.status()).isEqualTo("OUT_OF_SERVICE");
    assertThat(health.details()).containsEntry("state", "starting");
  }

  @Test
  void aMountWhoseWorkersDieAsTheyStartIsDownAndTellsHowTheLastOneEnded() {
    MountHealth health = MountHealth.of(snapshot(LOOP, State.STARTING));
    assertThat(health.status()).isEqualTo("DOWN");
    assertThat(health.details())
        .containsEntry("state", "crash_loop")
        .containsEntry(
            "crashLoop",
            new MountDescriptor.CrashLoop(4, 3000, "Worker 7 exited with code 1", 1500));
  }

  @Test
  void aMountIsUpWhileAWorkerServesAndTellsOfACrashLoopOfTheOthers() {
    MountHealth health = MountHealth.of(snapshot(LOOP, State.SERVING, State.STARTING));
    assertThat(health.status()).isEqualTo("UP");
    assertThat(health.details()).containsEntry("state", "serving").containsKey("crashLoop");
  }

  private static PythonSnapshot snapshot(
      PythonSnapshot.@Nullable CrashLoop loop, State... workers) {
    List<PythonSnapshot.Worker> all =
        Stream.of(workers)
            .map(state -> new PythonSnapshot.Worker(0, 1, state, Duration.ZERO, 0, 0, 0))
            .toList();
    return new PythonSnapshot(
        "a:b", all, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, loop);
  }
}
