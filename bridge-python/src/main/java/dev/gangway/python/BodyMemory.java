package dev.gangway.python;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shared file of blocks for request bodies that a slot cannot hold. It grows as bodies come, and
 * keeps its size. Safe for many threads, but a block is one body's only.
 */
final class BodyMemory implements AutoCloseable {

  private static final Logger LOG = System.getLogger(BodyMemory.class.getName());

  /** Bytes of a block; the workers know it too. */
  static final int BLOCK = 256 * 1024;

  /** The most blocks: 64 MiB. */
  private static final int MOST = 256;

  private final Path file;
  private final FileChannel channel;
  private final List<MappedByteBuffer> blocks = new ArrayList<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  BodyMemory(Path file) throws IOException {
    this.file = file;
    channel =
        FileChannel.open(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** A block of the file. */
  record Block(int number, MappedByteBuffer bytes) {}

  /** Takes a block, or returns null if there is no room for one. */
  synchronized @Nullable Block take() {
    // The one that was given back last: it is still in the processor's cache.
    Integer number = free.pollLast();
    if (number == null) {
      number = grow();
    }
    return number == null ? null : new Block(number, blocks.get(number));
  }

  private @Nullable Integer grow() {
    int number = blocks.size();
    try {
      if (number == MOST || file.toFile().getUsableSpace() < 4L * BLOCK) {
        return null;
      }
      // A page that shared memory has no room for would end whoever touches it first by SIGBUS.
      channel.write(ByteBuffer.allocate(BLOCK), (long) number * BLOCK);
      blocks.add(channel.map(FileChannel.MapMode.READ_WRITE, (long) number * BLOCK, BLOCK));
      return number;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Shared memory has no room for another block", e);
      return null;
    }
  }

  synchronized void give(List<Block> taken) {
    taken.forEach(block -> free.addLast(block.number()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
