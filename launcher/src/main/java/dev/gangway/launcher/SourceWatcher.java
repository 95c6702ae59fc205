package dev.gangway.launcher;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for changed source files again and again, as gunicorn's {@code --reload} does, and acts
 * when the changes have come to rest. Its one thread ends when it is closed.
 */
final class SourceWatcher implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.gangway.launcher");
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Set<String> SKIPPED = Set.of("__pycache__", "node_modules", "site-packages");

  /** Enough for any project; a watcher of a whole disk would only burn time. */
  private static final int MOST_FILES = 20_000;

  private final List<Path> folders;
  private final List<Path> extraFiles;
  private final Runnable changed;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * A watcher.
   *
   * @param folders whose Python files count, at any depth
   * @param extraFiles that count too
   * @param changed what to do
   */
  SourceWatcher(List<Path> folders, List<Path> extraFiles, Runnable changed) {
    this.folders = folders;
    this.extraFiles = extraFiles;
    this.changed = changed;
    thread = new Thread(this::watch, "gangway-reload");
    thread.setDaemon(true);
  }

  /** Begins to watch. */
  void start() {
    thread.start();
  }

  private void watch() {
    Map<Path, FileTime> acted = look();
    Map<Path, FileTime> last = acted;
    try {
      while (!closed) {
        Thread.sleep(PERIOD.toMillis());
        Map<Path, FileTime> now = look();
        if (now.equals(last) && !now.equals(acted)) {
          acted = now;
          changed.run();
        }
        last = now;
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private Map<Path, FileTime> look() {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path folder : folders) {
      try {
        Files.walkFileTree(folder, new Visitor(times));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "The folder " + folder + " cannot be watched", e);
      }
    }
    for (Path file : extraFiles) {
      try {
        times.put(file, Files.getLastModifiedTime(file));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "The file " + file + " cannot be watched", e);
      }
    }
    return times;
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Map<Path, FileTime> times;

    Visitor(Map<Path, FileTime> times) {
      this.times = times;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      Path name = folder.getFileName();
      boolean skipped =
          name != null && (name.toString().startsWith(".") || SKIPPED.contains(name.toString()));
      boolean environment = Files.exists(folder.resolve("pyvenv.cfg"));
      return skipped || environment ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (file.toString().endsWith(".py")) {
        times.put(file, attributes.lastModifiedTime());
      }
      return times.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE; // Gone since it was listed, or nobody's business.
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
