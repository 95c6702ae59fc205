package dev.gangway.spring.reload;

import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonStartException;
import dev.gangway.python.SourceWatcher;
import dev.gangway.spring.PythonMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Replaces the workers of a mount when its sources have changed, while the application runs. Its
 * phase is the default, so that all mounts run before and after it.
 */
final class SourceReload implements SmartLifecycle {

  private static final Log LOG = LogFactory.getLog(SourceReload.class);

  /** Templates too: frameworks keep what they have read of them. */
  private static final List<String> SOURCES = List.of(".py", ".html", ".jinja", ".jinja2", ".j2");

  private final Map<PythonMount, List<Path>> folders;
  private final List<SourceWatcher> watchers = new ArrayList<>();
  private volatile boolean running;

  SourceReload(Map<PythonMount, List<Path>> folders) {
    this.folders = folders;
  }

  @Override
  public void start() {
    folders.forEach(
        (mount, watched) -> {
          SourceWatcher watcher =
              new SourceWatcher(watched, SOURCES, List.of(), () -> reload(mount));
          watchers.add(watcher);
          watcher.start();
        });
    running = true;
  }

  private static void reload(PythonMount mount) {
    PythonApplication application = mount.application();
    if (application == null) {
      return;
    }
    LOG.info("Sources of the mount " + mount.name() + " have changed; replacing the workers");
    try {
      application.reload();
    } catch (PythonStartException e) {
      LOG.error("The old workers of the mount " + mount.name() + " stay: " + e.getMessage());
    }
  }

  @Override
  public void stop() {
    watchers.forEach(SourceWatcher::close);
    watchers.clear();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
