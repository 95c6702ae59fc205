package dev.gangway.spring;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folders that are made once and found again by every later start. What is in them is executed, so
 * nobody else may write there. A folder is named by what it is made of and never changes; of
 * several servers that start at once, one makes it and the others wait. Safe for many threads.
 */
final class FileCache {

  /** Makes the content of a folder. */
  interface Maker {
    void make(Path folder) throws IOException;
  }

  private static final long POLL_MILLIS = 100;
  private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> CLOSED =
      PosixFilePermissions.fromString("rwx------");

  private final Path root;

  FileCache(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The folder that is configured, or the user's. */
  static FileCache at(@Nullable Path configured) {
    if (configured != null) {
      return new FileCache(configured);
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path folder =
        caches != null && caches.startsWith("/")
            ? Path.of(caches)
            : Path.of(System.getProperty("user.home"), ".cache");
    return new FileCache(folder.resolve("gangway"));
  }

  /**
   * A folder, which is made if it is not there yet.
   *
   * @param name that no other content has
   * @param shared whether other users may read it
   * @param patience how long to wait while another server makes it
   * @param maker called at most once at a time; what a failed one leaves is removed
   * @throws IOException if the maker does, or the cache cannot be used
   */
  Path folder(String name, boolean shared, Duration patience, Maker maker) throws IOException {
    prepare();
    Path folder = root.resolve(name);
    Path complete = root.resolve(name + ".complete");
    try (FileChannel channel =
        FileChannel.open(
            root.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock lock = lock(channel, folder, patience);
      try {
        if (!Files.exists(complete) || !Files.isDirectory(folder)) {
          Files.deleteIfExists(complete);
          delete(folder);
          Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(CLOSED));
          maker.make(folder);
          Files.writeString(complete, "");
        }
        Files.setPosixFilePermissions(folder, shared ? OPEN : CLOSED);
      } finally {
        lock.release();
      }
    }
    return folder;
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root.getParent());
      try {
        Files.createDirectory(root, PosixFilePermissions.asFileAttribute(OPEN));
      } catch (IOException e) {
        if (!Files.isDirectory(root)) {
          throw e; // Nor did another server make it.
        }
      }
    }
    Path probe = Files.createTempFile(root, ".probe", "");
    boolean ours = Files.getOwner(root).equals(Files.getOwner(probe));
    Files.delete(probe);
    boolean open = Files.getPosixFilePermissions(root).contains(PosixFilePermission.OTHERS_WRITE);
    if (open || !(ours || Files.getAttribute(root, "unix:uid").equals(0))) {
      throw new IOException(
          root + " belongs to another user, or others may write there, and code is run from it");
    }
  }

  private static FileLock lock(FileChannel channel, Path folder, Duration patience)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // Another mount of this server makes it.
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "Another server has been making " + folder + " for " + patience.toSeconds() + " s");
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while waiting for " + folder, e);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "FileCache[%s]", root);
  }
}
