package dev.gangway.python;

import dev.gangway.exchange.BodyReceiver;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Receives a whole body before a worker sees the request: into memory as far as a slot holds it,
 * then into blocks of shared memory, and the largest into a temporary file. Used by one thread at a
 * time.
 */
final class BufferedBody implements RequestBody, BodyReceiver {

  /** What becomes of the request when its body is complete, or never will be. */
  interface Receiver {
    void received(BufferedBody body);

    void refused(int status, Throwable cause);
  }

  private static final Logger LOG = System.getLogger(BufferedBody.class.getName());

  private final Spool spool;
  private final int room;
  private final long expected;
  private final long limit;
  private final Receiver receiver;
  private byte[] bytes;
  private int size;
  private long total;
  private @Nullable BodyBlocks blocks;
  private Spool.@Nullable Entry file;
  private @Nullable OutputStream out;
  private boolean over;

  /**
   * A body.
   *
   * @param room how many bytes the slot has for it
   * @param expected number of bytes, or -1
   * @param limit the most bytes that are taken, 0 for any number
   */
  BufferedBody(Spool spool, int room, long expected, long limit, Receiver receiver) {
    this.spool = spool;
    this.room = room;
    this.expected = expected;
    this.limit = limit;
    this.receiver = receiver;
    this.bytes = new byte[expected > room ? 0 : (int) Math.max(expected, 0)];
  }

  @Override
  public boolean onData(byte[] data, int offset, int length) {
    if (over) {
      return false;
    }
    total += length;
    try {
      if (limit > 0 && total > limit) {
        refuse(413, new IOException("The request's body has more than " + limit + " bytes"));
        return false;
      }
      if (out == null && !keep(data, offset, length)) {
        spill();
      }
      if (out != null) {
        out.write(data, offset, length);
      }
      return true;
    } catch (IOException e) {
      refuse(500, new IOException("The request's body cannot be kept in a file", e));
      return false;
    }
  }

  /** Keeps bytes in memory, or returns false if there is no room for them. */
  private boolean keep(byte[] data, int offset, int length) {
    if (blocks == null && expected <= room && length <= room - size) {
      if (size + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(room, Math.max(size + length, 2 * size)));
      }
      System.arraycopy(data, offset, bytes, size, length);
      size += length;
      return true;
    }
    if (expected > BodyBlocks.LIMIT) {
      return false;
    }
    if (blocks == null) {
      blocks = spool.blocks();
      if (!blocks.write(bytes, 0, size)) {
        return false;
      }
      size = 0;
    }
    return blocks.write(data, offset, length);
  }

  /** Moves what is in memory to a file, where the rest follows. */
  private void spill() throws IOException {
    Spool.Entry entry = spool.create();
    file = entry;
    out = entry.out();
    if (blocks != null) {
      blocks.copyTo(out);
      blocks.free();
      blocks = null;
    }
    out.write(bytes, 0, size);
    size = 0;
  }

  @Override
  public void onEnd() {
    if (over) {
      return;
    }
    over = true;
    try {
      if (out != null && file != null) {
        out.close();
        bytes = file.path().toString().getBytes(StandardCharsets.UTF_8);
        size = bytes.length;
      } else if (blocks != null) {
        bytes = blocks.address();
        size = bytes.length;
      }
    } catch (IOException e) {
      free();
      receiver.refused(500, e);
      return;
    }
    receiver.received(this);
  }

  @Override
  public void onError(Throwable cause) {
    if (!over) {
      refuse(400, cause);
    }
  }

  private void refuse(int status, Throwable cause) {
    over = true;
    free();
    receiver.refused(status, cause);
  }

  @Override
  public int place(SlotMemory memory, int slot, int offset) {
    memory.put(slot, offset, bytes, 0, size);
    if (out != null) {
      return Token.BODY_IN_FILE;
    }
    return blocks == null ? Token.BODY_IN_SLOT : Token.BODY_IN_BLOCKS;
  }

  @Override
  public int length() {
    return size;
  }

  @Override
  public synchronized void free() {
    if (blocks != null) {
      blocks.free();
    }
    Spool.Entry entry = file;
    file = null;
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The file of a request's body cannot be closed", e);
    }
    try {
      if (entry != null) {
        spool.remove(entry);
      }
    } catch (IOException e) {
      // The request's answer does not depend on it.
      LOG.log(Level.WARNING, "The file of a request's body cannot be removed", e);
    }
  }
}
