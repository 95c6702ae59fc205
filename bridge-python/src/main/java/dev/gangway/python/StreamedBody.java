package dev.gangway.python;

import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.Exchange;
import java.util.Arrays;

/**
 * Hands a body to the worker part by part, while the application runs. The second half of the slot
 * holds the part that the worker asked for. Safe for many threads.
 */
final class StreamedBody implements RequestBody, BodyReceiver {

  /** Sends a part's token to the worker. */
  interface Sender {
    void send(int kind, int length);
  }

  private final Exchange exchange;
  private final SlotMemory memory;
  private Sender sender = (kind, length) -> {};
  private int slot;
  private boolean begun;
  private boolean wanted;
  private boolean closed;
  private byte[] rest = new byte[0];

  /** How the body ended, {@link Token#DATA_END} or {@link Token#DATA_ERROR}; 0 while it has not. */
  private int end;

  StreamedBody(Exchange exchange, SlotMemory memory) {
    this.exchange = exchange;
    this.memory = memory;
  }

  synchronized void sender(Sender partSender) {
    sender = partSender;
  }

  @Override
  public synchronized int place(SlotMemory ignored, int ownSlot, int offset) {
    slot = ownSlot;
    return Token.BODY_STREAMED;
  }

  @Override
  public int length() {
    return 0;
  }

  @Override
  public void wanted() {
    boolean first;
    synchronized (this) {
      wanted = true;
      if (rest.length > 0) {
        rest = give(rest, 0, rest.length);
        return;
      }
      if (end != 0) {
        give(end, 0);
        return;
      }
      first = !begun;
      begun = true;
    }
    if (first) {
      exchange.receive(this);
    } else {
      exchange.resume();
    }
  }

  @Override
  public synchronized boolean onData(byte[] bytes, int offset, int length) {
    if (closed) {
      return false;
    }
    rest = give(bytes, offset, length);
    return false;
  }

  @Override
  public synchronized void onEnd() {
    end(Token.DATA_END);
  }

  @Override
  public synchronized void onError(Throwable cause) {
    end(Token.DATA_ERROR);
  }

  @Override
  public synchronized void disconnected() {
    if (end == 0) {
      end(Token.DATA_ERROR);
    }
  }

  private void end(int how) {
    end = how;
    if (wanted && rest.length == 0) {
      give(end, 0);
    }
  }

  /** Gives the worker what fits, and returns what does not. */
  private byte[] give(byte[] bytes, int offset, int length) {
    int half = memory.room() / 2;
    int part = wanted ? Math.min(length, half) : 0;
    if (part > 0 && !closed) {
      memory.put(slot, half, bytes, offset, part);
      give(Token.DATA, part);
    }
    return Arrays.copyOfRange(bytes, offset + part, offset + length);
  }

  private void give(int kind, int length) {
    wanted = false;
    if (!closed) {
      sender.send(kind, length);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
