package dev.gangway.servlet;

import dev.gangway.asgi.ReceiveEvent.WebSocketReceive;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Joins the parts of messages. Containers deliver parts of any size, so that none has to set memory
 * aside for the largest message. Used by the one thread that reads.
 */
final class WebSocketParts {

  /** Takes whole messages. */
  interface Receiver {

    /**
     * A message is complete.
     *
     * @param message the receiver's own
     * @param size in bytes
     */
    void message(WebSocketReceive message, int size);

    /** The message in hand is larger than is allowed; what follows is dropped. */
    void tooLarge();
  }

  private final int most;
  private final Receiver receiver;
  private final StringBuilder text = new StringBuilder(0);
  private final Bytes bytes = new Bytes();
  private long size;
  private boolean over;

  /**
   * Joins parts.
   *
   * @param most bytes of a message
   * @param receiver of messages
   */
  WebSocketParts(int most, Receiver receiver) {
    this.most = most;
    this.receiver = receiver;
  }

  /**
   * Takes a part of a text.
   *
   * @param part perhaps empty
   * @param last whether the message is complete
   */
  void text(String part, boolean last) {
    if (!fits(sizeInUtf8(part))) {
      return;
    }
    if (!last) {
      text.append(part);
      return;
    }
    String whole = text.isEmpty() ? part : text.append(part).toString();
    text.setLength(0);
    text.trimToSize();
    end(new WebSocketReceive(null, whole));
  }

  /**
   * Takes a part of a binary message.
   *
   * @param part perhaps empty; copied
   * @param last whether the message is complete
   */
  void bytes(ByteBuffer part, boolean last) {
    if (!fits(part.remaining())) {
      return;
    }
    if (!last || bytes.size() > 0) {
      bytes.write(part);
    }
    if (last) {
      byte[] whole;
      if (bytes.size() > 0) {
        whole = bytes.take();
      } else {
        whole = new byte[part.remaining()];
        part.get(whole);
      }
      end(new WebSocketReceive(ByteBuffer.wrap(whole), null));
    }
  }

  private void end(WebSocketReceive message) {
    int complete = (int) size;
    size = 0;
    receiver.message(message, complete);
  }

  private boolean fits(long more) {
    size += more;
    if (!over && size > most) {
      over = true;
      text.setLength(0);
      text.trimToSize();
      bytes.clear();
      receiver.tooLarge();
    }
    return !over;
  }

  /** Each half of a surrogate pair counts as two of the pair's four bytes. */
  private static long sizeInUtf8(String text) {
    long size = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7F) {
        size += c > 0x7FF && !Character.isSurrogate(c) ? 2 : 1;
      }
    }
    return size;
  }

  /** Gives its memory back after each message. */
  private static final class Bytes extends ByteArrayOutputStream {

    private static final byte[] NONE = new byte[0];

    Bytes() {
      super(0);
    }

    void write(ByteBuffer part) {
      byte[] copy = new byte[part.remaining()];
      part.get(copy);
      write(copy, 0, copy.length);
    }

    byte[] take() {
      byte[] whole = toByteArray();
      clear();
      return whole;
    }

    void clear() {
      buf = NONE;
      count = 0;
    }
  }
}
