package dev.gangway.python;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a parent process from which workers can be forked, where the settings ask for one. Safe for
 * many threads.
 */
final class Preload {

  private static final Logger LOG = System.getLogger(Preload.class.getName());
  private static final Duration END = Duration.ofSeconds(2);

  private final PythonSettings settings;
  private final PrivateFolders folders;
  private final Supervisor supervisor;
  private final Restarts restarts;
  private final BiConsumer<String, String> failed;
  private final Consumer<PreloadParent> renewed;
  private final Set<PreloadParent> all = ConcurrentHashMap.newKeySet();
  private volatile @Nullable PreloadParent current;

  /** Whether another parent is importing the application; for the supervisor's thread. */
  private boolean renewing;

  private volatile boolean stopped;

  /**
   * No parent yet.
   *
   * @param failed told how a parent failed and what it said; starts another after a pause
   * @param renewed told of a parent that takes the place of one that has ended
   */
  Preload(
      PythonSettings settings,
      PrivateFolders folders,
      Supervisor supervisor,
      Restarts restarts,
      BiConsumer<String, String> failed,
      Consumer<PreloadParent> renewed) {
    this.settings = settings;
    this.folders = folders;
    this.supervisor = supervisor;
    this.restarts = restarts;
    this.failed = failed;
    this.renewed = renewed;
  }

  /** Starts a parent process, which begins to import the application. */
  PreloadParent start() throws PythonStartException {
    PreloadParent parent = new PreloadParent(settings, folders);
    all.add(parent);
    CompletableFuture<?> unused =
        parent
            .ended()
            .thenRun(
                () -> {
                  all.remove(parent);
                  supervisor.later(() -> ended(parent), Duration.ZERO);
                });
    return parent;
  }

  /** From now on workers are forked from this one; the one before ends with its workers. */
  void use(PreloadParent parent) {
    PreloadParent before;
    synchronized (this) {
      before = current;
      current = parent;
    }
    if (before != null) {
      before.close();
    }
  }

  /** The process to fork workers from, or null where each imports the application itself. */
  @Nullable PreloadParent parent() {
    return current;
  }

  /**
   * Whether a worker can be started now. If not, another parent is started if that is permitted,
   * and {@code renewed} is told when it is ready. For the supervisor's thread.
   */
  boolean isReady() {
    if (!settings.preload()) {
      return true;
    }
    PreloadParent parent = current;
    if (parent != null && parent.isReady()) {
      return true;
    }
    if (!renewing && !stopped && restarts.permitted(1, 0) > 0) {
      renew();
    }
    return false;
  }

  private void ended(PreloadParent parent) {
    if (parent != current || stopped || parent.isClosing()) {
      return;
    }
    LOG.log(
        Level.ERROR,
        "The parent process (pid {0}) of the workers of {1} {2}; another imports the application,"
            + " and takes over{3}",
        String.valueOf(parent.pid()),
        settings.application(),
        parent.how(),
        parent.lastWords().isEmpty() ? "" : ". It said:\n" + parent.lastWords());
    boolean unused = isReady();
  }

  private void renew() {
    PreloadParent parent;
    try {
      parent = start();
    } catch (PythonStartException e) {
      failed.accept("The parent process of the workers could not be started", said(e));
      return;
    }
    renewing = true;
    CompletableFuture<?> unused =
        Timeouts.fail(parent.imported(), settings.startTimeout())
            .whenComplete(
                (imported, failure) ->
                    supervisor.later(() -> renewed(parent, failure), Duration.ZERO));
  }

  private void renewed(PreloadParent parent, @Nullable Throwable failure) {
    renewing = false;
    if (failure != null) {
      parent.destroyForcibly();
      failed.accept("The parent process of the workers was not ready", said(failure));
    } else if (stopped) {
      parent.close();
    } else {
      PreloadParent now = current;
      if (now != null && now.isReady()) {
        parent.close(); // reload() was faster
      } else {
        use(parent);
      }
      renewed.accept(parent);
    }
  }

  private static String said(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  /** From now on no parent that ends is replaced. */
  void stop() {
    stopped = true;
  }

  /** Ends all parents, whose workers have ended. */
  void close() {
    stopped = true;
    for (PreloadParent parent : all) {
      parent.close();
      try {
        parent.ended().get(END.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        parent.destroyForcibly();
      } catch (ExecutionException | TimeoutException e) {
        parent.destroyForcibly();
      }
    }
  }
}
