package dev.gangway.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where request bodies are kept that are too large for a slot: in files in shared memory, which
 * costs least, as long as those are small and few; otherwise in files on disk. Safe for many
 * threads.
 */
final class Spool {

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
   */
  record Entry(Path path, long reserved) {}

  /**
   * Makes a new empty file.
   *
   * @param expected length of the body, or -1
   */
  Entry create(long expected) throws IOException {
    String name = "body-" + next.getAndIncrement();
    if (expected >= 0 && expected <= SMALL) {
      if (inSharedMemory.addAndGet(expected) <= SHARED) {
        return new Entry(Files.createFile(shared.resolve(name)), expected);
      }
      inSharedMemory.addAndGet(-expected);
    }
    return new Entry(Files.createFile(disk.resolve(name)), 0);
  }

  /** Removes a file, which its reader may have removed already. */
  void remove(Entry entry) throws IOException {
    inSharedMemory.addAndGet(-entry.reserved());
    Files.deleteIfExists(entry.path());
  }
}
