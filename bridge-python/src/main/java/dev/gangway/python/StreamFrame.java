package dev.gangway.python;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frames between us and a worker that serves an ASGI application: the length of the payload, a kind
 * and the number of a stream, little-endian. The worker's side is {@code
 * gangway_worker/streams.py}, which tells what the kinds mean.
 */
final class StreamFrame {

  static final int HTTP = 1;
  static final int WEBSOCKET = 2;
  static final int BODY = 3;
  static final int DISCONNECT = 4;
  static final int TEXT = 5;
  static final int BINARY = 6;
  static final int CREDIT = 7;
  static final int CANCEL = 8;
  static final int PING = 9;

  static final int START = 1;
  static final int PART = 2;
  static final int RESPONSE = 3;
  static final int PATHSEND = 4;
  static final int TRAILERS = 5;
  static final int EARLY_HINT = 6;
  static final int ACCEPT = 7;
  static final int SEND_TEXT = 8;
  static final int SEND_BINARY = 9;
  static final int CLOSE = 10;
  static final int DENY = 11;
  static final int DENY_PART = 12;
  static final int GRANT = 13;
  static final int DONE = 14;
  static final int PONG = 15;

  /** Bytes before the payload. */
  static final int HEADER = 9;

  /** Bytes that may be under way in one direction of a stream. */
  static final int WINDOW = 256 * 1024;

  /** A body goes in parts of so many bytes. */
  static final int PART_SIZE = 64 * 1024;

  /** What a part or message costs beside its bytes. */
  static final int MESSAGE_COST = 64;

  /** The largest payload: a WebSocket's message. */
  static final int LIMIT = 64 * 1024 * 1024;

  private StreamFrame() {}

  /** An empty frame, to be filled with a payload of that length. */
  static ByteBuffer allocate(int kind, int stream, int length) {
    return ByteBuffer.allocate(HEADER + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(length)
        .put((byte) kind)
        .putInt(stream);
  }

  /** A frame with a number. */
  static ByteBuffer of(int kind, int stream, int number) {
    return allocate(kind, stream, Integer.BYTES).putInt(number).flip();
  }

  /** A frame with bytes. */
  static ByteBuffer of(int kind, int stream, byte[] payload) {
    return allocate(kind, stream, payload.length).put(payload).flip();
  }
}
