package dev.gangway.python;

import dev.gangway.python.BodyMemory.Block;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A body in blocks of {@link BodyMemory}. Not safe for many threads. */
final class BodyBlocks {

  /** The longest body that is kept in memory: 4 MiB. */
  static final int LIMIT = 16 * BodyMemory.BLOCK;

  private final BodyMemory memory;
  private final List<Block> blocks = new ArrayList<>();
  private int size;

  BodyBlocks(BodyMemory memory) {
    this.memory = memory;
  }

  /** Adds bytes to the body, or nothing of them and returns false if there is no room for all. */
  boolean write(byte[] bytes, int offset, int length) {
    if (length > LIMIT - size) {
      return false;
    }
    while (blocks.size() * BodyMemory.BLOCK < size + length) {
      Block block = memory.take();
      if (block == null) {
        return false;
      }
      blocks.add(block);
    }
    int written = 0;
    while (written < length) {
      int at = size % BodyMemory.BLOCK;
      int part = Math.min(length - written, BodyMemory.BLOCK - at);
      blocks.get(size / BodyMemory.BLOCK).bytes().put(at, bytes, offset + written, part);
      written += part;
      size += part;
    }
    return true;
  }

  void copyTo(OutputStream out) throws IOException {
    byte[] copy = new byte[BodyMemory.BLOCK];
    for (int at = 0; at < size; at += copy.length) {
      int part = Math.min(copy.length, size - at);
      blocks.get(at / copy.length).bytes().get(0, copy, 0, part);
      out.write(copy, 0, part);
    }
  }

  /** What tells a worker where the body is: its length, and the numbers of its blocks. */
  byte[] address() {
    ByteBuffer address =
        ByteBuffer.allocate(Integer.BYTES * (1 + blocks.size())).order(ByteOrder.LITTLE_ENDIAN);
    address.putInt(size);
    blocks.forEach(block -> address.putInt(block.number()));
    return address.array();
  }

  /** Gives the blocks back: others may write to them at once. */
  void free() {
    memory.give(blocks);
    blocks.clear();
    size = 0;
  }
}
