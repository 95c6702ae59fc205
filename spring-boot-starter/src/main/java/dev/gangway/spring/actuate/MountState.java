package dev.gangway.spring.actuate;

import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSnapshot;
import dev.gangway.spring.PythonMount;
import org.jspecify.annotations.Nullable;

/** Whether a mount answers. */
enum MountState {

  /** A worker takes requests, so all new workers have answered the rehearsal. */
  SERVING("UP"),

  /** No worker takes requests, and one is being started. */
  STARTING("OUT_OF_SERVICE"),

  /** No worker takes requests, because they die again and again as they start. */
  CRASH_LOOP("DOWN"),

  /** It is not started yet, or closed. */
  STOPPED("OUT_OF_SERVICE");

  private final String health;

  MountState(String health) {
    this.health = health;
  }

  /** The code of the health status. */
  String health() {
    return health;
  }

  /** What the mount does now, or null if it is stopped. */
  static @Nullable PythonSnapshot snapshot(PythonMount mount) {
    PythonApplication application = mount.application();
    return application == null ? null : application.snapshot();
  }

  static MountState of(@Nullable PythonSnapshot snapshot) {
    if (snapshot == null) {
      return STOPPED;
    }
    if (snapshot.workers().stream()
        .anyMatch(worker -> worker.state() == PythonSnapshot.State.SERVING)) {
      return SERVING;
    }
    return snapshot.crashLoop() == null ? STARTING : CRASH_LOOP;
  }
}
