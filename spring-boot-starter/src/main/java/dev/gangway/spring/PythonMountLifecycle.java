package dev.gangway.spring;

import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the Python applications before the web server takes requests, and closes them after it has
 * stopped, so that the requests that a graceful shutdown waits for are answered.
 */
final class PythonMountLifecycle implements SmartLifecycle {

  /** Before the phase of Boot's web server; Boot 3 and 4 have that constant in other classes. */
  static final int PHASE = DEFAULT_PHASE - 3072;

  private final List<PythonMount> mounts;
  private volatile boolean running;

  PythonMountLifecycle(List<PythonMount> mounts) {
    this.mounts = mounts;
  }

  @Override
  public void start() {
    running = true;
    try {
      mounts.forEach(PythonMount::start);
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  @Override
  public void stop() {
    mounts.forEach(PythonMount::stop);
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
