package dev.gangway.python;

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
import org.jspecify.annotations.Nullable;

/**
 * Looks for changed source files again and again, as gunicorn's {@code --reload} does, and acts
 * when the changes have come to rest. Folders whose name begins with a dot, virtual environments
 * and what is installed in them are left out. Its one thread ends when it is closed. Safe for many
 * threads.
 */
public final class SourceWatcher implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(SourceWatcher.class.getName());
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Set<String> SKIPPED = Set.of("__pycache__", "node_modules", "site-packages");

  /** Enough for any project; a watcher of a whole disk would only burn time. */
  private static final int MOST_FILES = 20_000;

  private final List<Path> folders;
  private final List<Path> extraFiles;
  private final List<String> suffixes;
  private final Runnable changed;
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * A watcher, which does nothing before {@link #start}.
   *
   * @param folders whose files count, at any depth
   * @param suffixes the ends of their names, such as {@code .py}
   * @param extraFiles that count too
   * @param changed what to do; called by the watcher's thread, which looks on afterwards
   */
  public SourceWatcher(
      List<Path> folders, List<String> suffixes, List<Path> extraFiles, Runnable changed) {
    this.folders = List.copyOf(folders);
    this.suffixes = List.copyOf(suffixes);
    this.extraFiles = List.copyOf(extraFiles);
    this.changed = changed;
  }

  /** Begins to watch: what changes after this returns will be seen. At most once. */
  public void start() {
    Map<Path, FileTime> before = look();
    Thread watching = new Thread(() -> watch(before), "gangway-reload");
    watching.setDaemon(true);
    thread = watching;
    watching.start();
  }

  private void watch(Map<Path, FileTime> before) {
    Map<Path, FileTime> acted = before;
    Map<Path, FileTime> last = before;
    try {
      while (!closed) {
        Thread.sleep(PERIOD.toMillis());
        Map<Path, FileTime> now = look();
        if (now.equals(last) && !now.equals(acted)) {
          acted = now;
          act();
        }
        last = now;
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void act() {
    try {
      changed.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "What is done about changed files failed", e);
    }
  }

  private Map<Path, FileTime> look() {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path folder : folders) {
      try {
        Files.walkFileTree(folder, new Visitor(folder, suffixes, times));
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
    private final Path root;
    private final List<String> suffixes;
    private final Map<Path, FileTime> times;

    Visitor(Path root, List<String> suffixes, Map<Path, FileTime> times) {
      this.root = root;
      this.suffixes = suffixes;
      this.times = times;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(root)) {
        return FileVisitResult.CONTINUE; // Whatever it is called: somebody wants it.
      }
      Path name = folder.getFileName();
      boolean skipped =
          name != null && (name.toString().startsWith(".") || SKIPPED.contains(name.toString()));
      boolean environment = Files.exists(folder.resolve("pyvenv.cfg"));
      return skipped || environment ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = file.toString();
      if (suffixes.stream().anyMatch(name::endsWith)) {
        times.put(file, attributes.lastModifiedTime());
      }
      return times.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE; // Gone since it was listed, or nobody's business.
    }
  }

  /** Ends the watch; an action that is under way goes on, interrupted. */
  @Override
  public void close() {
    closed = true;
    Thread watching = thread;
    if (watching != null) {
      watching.interrupt();
    }
  }
}
