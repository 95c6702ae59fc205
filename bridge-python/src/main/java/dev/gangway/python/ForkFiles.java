package dev.gangway.python;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forked worker opens to speak with us: FIFOs for its frames and its standard error, one
 * that nothing is written to and whose end is ours, and those that tell its threads to go on. We
 * make them, since the worker may be a user who cannot write to our folder.
 */
final class ForkFiles implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ForkFiles.class.getName());

  private final Path frames;
  private final Path errors;
  private final Path life;
  private final List<Path> all = new ArrayList<>();

  /** Open as long as the worker is to live: its reader sees the end when we end. */
  private final RandomAccessFile ourLife;

  /**
   * Makes the FIFOs.
   *
   * @param credits the beginning of the paths of those that tell threads to go on
   */
  ForkFiles(PrivateFolders folders, int worker, int threads, String credits) throws IOException {
    frames = folders.fork(worker, "frames");
    errors = folders.fork(worker, "errors");
    life = folders.fork(worker, "life");
    all.addAll(List.of(frames, errors, life));
    for (int thread = 0; thread < threads; thread++) {
      all.add(Path.of(credits + "-" + worker + "-" + thread));
    }
    try {
      folders.makeFifosForWorkers(all);
      ourLife = new RandomAccessFile(life.toFile(), "rw");
    } catch (IOException | RuntimeException e) {
      hide();
      throw e;
    }
  }

  Path frames() {
    return frames;
  }

  Path errors() {
    return errors;
  }

  Path life() {
    return life;
  }

  /** Removes the names. */
  void hide() {
    for (Path path : all) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "A FIFO of a worker cannot be removed", e);
      }
    }
  }

  @Override
  public void close() {
    hide();
    try {
      ourLife.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A FIFO of a worker cannot be closed", e);
    }
  }
}
