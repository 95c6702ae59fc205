package dev.gangway.servlet;

import dev.gangway.exchange.BodyReceiver;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body without blocking (Jakarta Servlet, section 3.7). The container's call and {@link
 * #resume} may meet: one of them reads, the other leaves a note that it shall read on.
 */
final class AsyncInput implements ReadListener {

  private static final int PART = 32 * 1024;

  private final BodyReceiver receiver;
  private final long expected;
  private final AtomicInteger notes = new AtomicInteger();
  private final byte[] part;
  private @Nullable ServletInputStream stream;
  private long received;
  private volatile boolean paused;
  private boolean over;

  private AsyncInput(BodyReceiver receiver, long expected, byte[] part) {
    this.receiver = receiver;
    this.expected = expected;
    this.part = part;
  }

  /** Begins to read the body of a request. */
  static AsyncInput of(HttpServletRequest request, BodyReceiver receiver) {
    long expected = request.getContentLengthLong();
    int size = expected > 0 ? (int) Math.min(PART, expected) : PART;
    AsyncInput input = new AsyncInput(receiver, expected, new byte[size]);
    try {
      ServletInputStream stream = request.getInputStream();
      input.stream = stream;
      stream.setReadListener(input);
      Containers.sendContinue(request);
    } catch (IOException | IllegalStateException e) {
      input.onError(e);
    }
    return input;
  }

  /** Hands out a body that is at hand. */
  static AsyncInput ofBytes(byte[] body, BodyReceiver receiver) {
    AsyncInput input = new AsyncInput(receiver, body.length, body);
    input.received = body.length;
    input.over = true;
    receiver.onData(body, 0, body.length);
    receiver.onEnd();
    return input;
  }

  void resume() {
    paused = false;
    read();
  }

  @Override
  public void onDataAvailable() {
    read();
  }

  private void read() {
    if (notes.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      readWhatIsThere();
      seen = notes.addAndGet(-seen);
    } while (seen != 0);
  }

  private void readWhatIsThere() {
    ServletInputStream in = stream;
    try {
      while (in != null && !over && !paused && in.isReady()) {
        int length = in.read(part);
        if (length < 0) {
          return; // onAllDataRead comes.
        }
        received += length;
        // Set before the call: resume() may come from another thread before the call returns.
        paused = true;
        if (length == 0 || receiver.onData(part, 0, length)) {
          paused = false;
        }
      }
    } catch (IOException | IllegalStateException e) {
      onError(e);
    }
  }

  @Override
  public void onAllDataRead() {
    if (expected > received) {
      onError(new EOFException("The body ends after " + received + " of " + expected + " bytes"));
    } else if (!over) {
      over = true;
      receiver.onEnd();
    }
  }

  @Override
  public void onError(Throwable cause) {
    if (!over) {
      over = true;
      receiver.onError(cause);
    }
  }
}
