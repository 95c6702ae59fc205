package dev.gangway.python;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where request bodies are kept that are too large for a slot: in shared memory while they are
 * small and few, which costs least, otherwise in files on disk. Safe for many threads.
 */
final class Spool {

  private final BodyMemory memory;
  private final Path folder;
  private final AtomicLong next = new AtomicLong();

  /**
   * A spool.
   *
   * @param folder on disk, that only the workers' user can read
   */
  Spool(BodyMemory memory, Path folder) {
    this.memory = memory;
    this.folder = folder;
  }

  /**
   * A new empty file.
   *
   * @param path of the file
   * @param out writes to it; it is not opened again, for its folder may be another user's
   */
  record Entry(Path path, OutputStream out) {}

  /** Room in shared memory, which may turn out to be too little. */
  BodyBlocks blocks() {
    return new BodyBlocks(memory);
  }

  /** Makes a new empty file. */
  Entry create() throws IOException {
    Path path = folder.resolve("body-" + next.getAndIncrement());
    return new Entry(
        path, Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Removes a file, which its reader may have removed already. */
  void remove(Entry entry) throws IOException {
    Files.deleteIfExists(entry.path());
  }
}
