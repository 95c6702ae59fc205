package dev.gangway.spring.actuate;

import dev.gangway.python.PythonSnapshot;
import dev.gangway.spring.PythonMount;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint tells of a mount, in the words of {@link PythonSnapshot} and of the JSON of
 * {@link dev.gangway.python.PythonStatusServlet}.
 *
 * @param path where it is mounted
 * @param state serving, starting, crash_loop or stopped
 * @param application module and callable
 * @param queued requests that no worker has taken yet
 * @param running requests that workers are answering
 * @param answered requests that a worker has answered
 * @param lost requests whose worker ended
 * @param timedOut requests whose worker was silent for too long
 * @param rejected requests that no worker took in time
 * @param workersEnded workers that ended without being asked to
 * @param queueMillis how long answered requests waited for a worker, all together
 * @param serviceMillis how long workers took to answer them, all together
 * @param crashLoop what is known of workers that die as they start; null if they do not
 * @param workers those that run now
 */
record MountDescriptor(
    String path,
    String state,
    @Nullable String application,
    int queued,
    int running,
    long answered,
    long lost,
    long timedOut,
    long rejected,
    long workersEnded,
    long queueMillis,
    long serviceMillis,
    @Nullable CrashLoop crashLoop,
    List<Worker> workers) {

  static MountDescriptor of(PythonMount mount) {
    PythonSnapshot snapshot = MountState.snapshot(mount);
    String path = String.valueOf(mount.properties().path());
    String state = lowerCase(MountState.of(snapshot));
    if (snapshot == null) {
      return new MountDescriptor(
          path,
          state,
          mount.properties().application(),
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          null,
          List.of());
    }
    PythonSnapshot.CrashLoop loop = snapshot.crashLoop();
    return new MountDescriptor(
        path,
        state,
        snapshot.application(),
        snapshot.queued(),
        snapshot.running(),
        snapshot.answered(),
        snapshot.lost(),
        snapshot.timedOut(),
        snapshot.rejected(),
        snapshot.workersEnded(),
        snapshot.queueTime().toMillis(),
        snapshot.serviceTime().toMillis(),
        loop == null ? null : CrashLoop.of(loop),
        snapshot.workers().stream().map(Worker::of).toList());
  }

  static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** See {@link PythonSnapshot.CrashLoop}. */
  record CrashLoop(int failures, long millis, String lastFailure, long nextTryMillis) {

    static CrashLoop of(PythonSnapshot.CrashLoop loop) {
      return new CrashLoop(
          loop.failures(), loop.time().toMillis(), loop.lastFailure(), loop.nextTry().toMillis());
    }
  }

  /** See {@link PythonSnapshot.Worker}. */
  record Worker(
      int number,
      long pid,
      String state,
      long servedMillis,
      long answered,
      int running,
      long residentBytes) {

    static Worker of(PythonSnapshot.Worker worker) {
      return new Worker(
          worker.number(),
          worker.pid(),
          lowerCase(worker.state()),
          worker.served().toMillis(),
          worker.answered(),
          worker.running(),
          worker.residentBytes());
    }
  }
}
