package dev.gangway.python;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where request bodies are kept that are too large for a slot: in files in shared memory, which
 * costs least, as long as those are small and few; otherwise in files on disk. Safe for many
 * threads.
 */
final class Spool {

  private static final Logger LOG = System.getLogger(Spool.class.getName());

  /** Bodies of a known length up to this many bytes are kept in shared memory. */
  private static final long SMALL = 4L * 1024 * 1024;

  /** The most bytes of shared memory that all bodies together take. */
  private static final long SHARED = 64L * 1024 * 1024;

  private final Path shared;
  private final Path disk;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong inSharedMemory = new AtomicLong();

  /**
   * A spool in two folders that only the workers' user can read.
   *
   * @param shared a folder in shared memory
   * @param disk a folder on disk
   */
  Spool(Path shared, Path disk) {
    this.shared = shared;
    this.disk = disk;
  }

  /**
   * A new empty file.
   *
   * @param path of the file
   * @param reserved bytes of shared memory that are set apart for it
   * @param out writes to it; it is not opened again, for its folder may be another user's
   */
  record Entry(Path path, long reserved, OutputStream out) {}

  /**
   * Makes a new empty file.
   *
   * @param expected length of the body, or -1
   */
  Entry create(long expected) throws IOException {
    String name = "body-" + next.getAndIncrement();
    if (expected >= 0 && expected <= SMALL) {
      long reserved = inSharedMemory.addAndGet(expected);
      if (reserved <= SHARED && shared.toFile().getUsableSpace() > 2 * reserved) {
        try {
          return open(shared.resolve(name), expected);
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "No file can be made in shared memory", e);
        }
      }
      inSharedMemory.addAndGet(-expected);
    }
    return open(disk.resolve(name), 0);
  }

  private static Entry open(Path path, long reserved) throws IOException {
    return new Entry(
        path,
        reserved,
        Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Removes a file, which its reader may have removed already. */
  void remove(Entry entry) throws IOException {
    inSharedMemory.addAndGet(-entry.reserved());
    Files.deleteIfExists(entry.path());
  }
}
