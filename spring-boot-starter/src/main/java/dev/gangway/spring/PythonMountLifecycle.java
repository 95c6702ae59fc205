package dev.gangway.spring;

import dev.gangway.python.PythonApplication;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;

/**
 * Starts the Python applications before the web server takes requests, and closes them after it has
 * stopped, so that the requests that a graceful shutdown waits for are answered.
 */
final class PythonMountLifecycle implements SmartLifecycle {

  /** Before the phase of Boot's web server; Boot 3 and 4 have that constant in other classes. */
  static final int PHASE = DEFAULT_PHASE - 3072;

  private final List<PythonMount> mounts;
  private final ApplicationStartup startup;
  private volatile boolean running;

  PythonMountLifecycle(List<PythonMount> mounts, ApplicationStartup startup) {
    this.mounts = mounts;
    this.startup = startup;
  }

  @Override
  public void start() {
    running = true;
    try {
      together(this::start);
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  private void start(PythonMount mount) {
    StartupStep step =
        startup
            .start("gangway.mount.start")
            .tag("mount", mount.name())
            .tag("application", String.valueOf(mount.properties().application()));
    try {
      mount.start();
      PythonApplication application = mount.application();
      if (application != null) {
        step.tag("workers", String.valueOf(application.workerPids().size()));
      }
    } finally {
      step.end();
    }
  }

  @Override
  public void stop() {
    together(PythonMount::stop);
    running = false;
  }

  /** Interpreters take their time, and each mount has its own. */
  private void together(Consumer<PythonMount> action) {
    List<CompletableFuture<Void>> all =
        mounts.stream()
            .map(mount -> CompletableFuture.runAsync(() -> action.accept(mount), this::execute))
            .toList();
    try {
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void execute(Runnable action) {
    if (mounts.size() == 1) {
      action.run();
    } else {
      new Thread(action, "gangway-mounts").start();
    }
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
