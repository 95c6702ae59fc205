package dev.gangway.python;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What travels through the FIFOs: 16 bytes, fewer than PIPE_BUF, so that a read or a write is
 * always whole. The worker's side is {@code gangway_worker/slots.py}.
 *
 * @param slot number of the slot
 * @param generation of the slot's content; a token of another generation is dropped
 * @param length number of bytes in the slot's payload, or what the kind says
 * @param kind one of the constants
 */
record Token(int slot, int generation, int length, int kind) {

  static final int SIZE = 16;

  // Request FIFO. The byte above the kind tells where the body is.
  static final int REQUEST = 1;
  static final int FENCE = 2;
  static final int BODY_NONE = 0;
  static final int BODY_IN_SLOT = 1 << 8;
  static final int BODY_IN_FILE = 2 << 8;
  static final int BODY_STREAMED = 3 << 8;
  static final int BODY_IN_BLOCKS = 4 << 8;

  /** In the upper half of each kind in the response FIFO, so that noise is told from tokens. */
  static final int MARK = 0x4757_0000;

  // Response FIFO.
  static final int RESPONSE = MARK | 1;
  static final int HEAD = MARK | 2;
  static final int PART = MARK | 3;
  static final int END = MARK | 4;
  static final int FILE = MARK | 5;
  static final int ABORT = MARK | 6;
  static final int READ = MARK | 7;
  static final int FENCED = MARK | 8;
  static final int RETURNED = MARK | 9;

  /** What came from the request FIFO was not ours: the generation is the worker's number. */
  static final int GARBLED = MARK | 10;

  /** As HEAD and PART, but the worker goes on, and puts its next part behind this one. */
  static final int HEAD_MORE = MARK | 11;

  static final int PART_MORE = MARK | 12;

  // Credit FIFO of a worker's thread.
  static final int CREDIT = 1;
  static final int CANCEL = 2;
  static final int DATA = 3;
  static final int DATA_END = 4;
  static final int DATA_ERROR = 5;

  /** Whether a token of this kind in the response FIFO is the worker's last for its slot. */
  static boolean endsResponse(int kind) {
    return kind == RESPONSE || kind == FILE || kind == END || kind == ABORT;
  }

  /** Whether a worker that has sent a token of this kind waits until it is told to go on. */
  static boolean awaitsCredit(int kind) {
    return kind == HEAD || kind == PART || kind == READ;
  }

  /** Whether a worker that has sent a token of this kind goes on without being told. */
  static boolean goesOn(int kind) {
    return kind == HEAD_MORE || kind == PART_MORE;
  }

  byte[] bytes() {
    return ByteBuffer.allocate(SIZE)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(slot)
        .putInt(generation)
        .putInt(length)
        .putInt(kind)
        .array();
  }

  static Token read(ByteBuffer littleEndian) {
    return new Token(
        littleEndian.getInt(), littleEndian.getInt(), littleEndian.getInt(), littleEndian.getInt());
  }
}
