package dev.gangway.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/**
 * The shared file: slots of a header of 64 bytes and a payload. We write a slot's generation and
 * the word that tells that the client has left; a worker's thread writes who it is when it takes
 * the request. Nothing that is read here is believed without a check of its bounds.
 */
final class SlotMemory {

  static final int HEADER = 64;
  private static final int GENERATION = 4;
  private static final int OWNER = 8;
  private static final int THREAD = 12;
  private static final int CANCELLED = 16;
  private static final int TAKEN = 24;
  private static final int IDENT = 32;

  /** Behind the slots: a byte for each worker that tells it to take no more requests. */
  private static final int CONTROL = 4096;

  private final MappedByteBuffer map;
  private final int slotSize;
  private final int slots;

  SlotMemory(Path file, int slots, int slotSize) throws IOException {
    this.slots = slots;
    this.slotSize = slotSize;
    try (FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      // A page that shared memory has no room for would end whoever touches it first by SIGBUS.
      ByteBuffer zeros = ByteBuffer.allocate(CONTROL);
      for (long at = 0; at < size(slots, slotSize); at += CONTROL) {
        channel.write(zeros.clear(), at);
      }
      map = channel.map(FileChannel.MapMode.READ_WRITE, 0, size(slots, slotSize));
    } catch (IOException e) {
      throw new IOException(
          "there is no room for "
              + size(slots, slotSize)
              + " bytes in "
              + file
              + " ("
              + e.getMessage()
              + "); have fewer or smaller slots (settings slots and slot-size), or make room",
          e);
    }
    map.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Number of bytes of the file. */
  static long size(int slots, int slotSize) {
    return (long) slots * slotSize + CONTROL;
  }

  /** Tells a worker whether it may take requests; the next of its number modulo 4096 shares it. */
  void retire(int worker, boolean retired) {
    map.put(slots * slotSize + worker % CONTROL, (byte) (retired ? 1 : 0));
  }

  int slots() {
    return slots;
  }

  /** Number of bytes that a payload may have. */
  int room() {
    return slotSize - HEADER;
  }

  /** Marks the slot as nobody's, so that tokens of an earlier generation are dropped. */
  void prepare(int slot, int generation) {
    int base = slot * slotSize;
    map.putInt(base + OWNER, 0);
    map.putInt(base + CANCELLED, 0);
    map.putInt(base + GENERATION, generation);
  }

  /** The worker that has taken the slot's request, or -1. */
  int owner(int slot) {
    return map.getInt(slot * slotSize + OWNER) - 1;
  }

  /** The number of the thread of the {@link #owner} that has taken the slot's request. */
  int thread(int slot) {
    return map.getInt(slot * slotSize + THREAD);
  }

  /** When that thread took it, in {@link System#nanoTime()}, as the worker says. */
  long taken(int slot) {
    return map.getLong(slot * slotSize + TAKEN);
  }

  /** What Python calls that thread, as in its stacks. */
  long ident(int slot) {
    return map.getLong(slot * slotSize + IDENT);
  }

  /** Nobody waits for the answer: whoever takes the request drops it. */
  void cancel(int slot) {
    map.putInt(slot * slotSize + CANCELLED, 1);
  }

  /** The application is told that the client has left, in case that it asks, and answers. */
  void clientIsGone(int slot) {
    map.putInt(slot * slotSize + CANCELLED, 2);
  }

  void put(int slot, int offset, byte[] bytes, int from, int length) {
    map.put(slot * slotSize + HEADER + offset, bytes, from, length);
  }

  void get(int slot, byte[] into, int length) {
    get(slot, 0, into, length);
  }

  void get(int slot, int offset, byte[] into, int length) {
    map.get(slot * slotSize + HEADER + offset, into, 0, length);
  }
}
