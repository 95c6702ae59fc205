package dev.gangway.spring.actuate;

import dev.gangway.python.PythonSnapshot;
import dev.gangway.spring.PythonMount;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The health of a mount, without the classes that the lines of Spring Boot have in different
 * packages.
 *
 * @param status the code of a status
 * @param details shown to whom may see them
 */
record MountHealth(String status, Map<String, Object> details) {

  static MountHealth of(PythonMount mount) {
    return of(MountState.snapshot(mount));
  }

  static MountHealth of(@Nullable PythonSnapshot snapshot) {
    MountState state = MountState.of(snapshot);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("state", MountDescriptor.lowerCase(state));
    if (snapshot != null) {
      details.put("application", snapshot.application());
      Map<String, Long> workers = new LinkedHashMap<>();
      for (PythonSnapshot.State each : PythonSnapshot.State.values()) {
        workers.put(
            MountDescriptor.lowerCase(each),
            snapshot.workers().stream().filter(worker -> worker.state() == each).count());
      }
      details.put("workers", workers);
      details.put("queued", snapshot.queued());
      details.put("running", snapshot.running());
      PythonSnapshot.CrashLoop loop = snapshot.crashLoop();
      if (loop != null) {
        details.put("crashLoop", MountDescriptor.CrashLoop.of(loop));
      }
    }
    return new MountHealth(state.health(), details);
  }
}
