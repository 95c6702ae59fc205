package dev.gangway.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The folder of the temporary files that hold large request bodies. Safe for many threads. */
final class Spool {

  private final Path folder;
  private final AtomicLong next = new AtomicLong();

  /** A spool in a folder that only the workers' user can read. */
  Spool(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Makes a new empty file. */
  Path create() throws IOException {
    return Files.createFile(folder.resolve("body-" + next.getAndIncrement()));
  }
}
