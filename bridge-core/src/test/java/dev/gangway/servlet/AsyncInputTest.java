package dev.gangway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.gangway.exchange.BodyReceiver;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AsyncInputTest {

  /** A stream that always has a byte, until it has given three. */
  private static final class Ready extends ServletInputStream {
    private int given;
    private ReadListener listener;

    @Override
    public boolean isFinished() {
      return given == 3;
    }

    @Override
    public boolean isReady() {
      return !isFinished();
    }

    @Override
    public void setReadListener(ReadListener readListener) {
      listener = readListener;
    }

    @Override
    public int read() {
      return isFinished() ? -1 : given++;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int read = read();
      bytes[offset] = (byte) read;
      return read < 0 ? -1 : 1;
    }
  }

  @Test
  void goesOnIfItIsResumedBeforeTheReceiverHasReturned() throws Exception {
    Ready stream = new Ready();
    HttpServletRequest request = mock(HttpServletRequest.class);
    when(request.getContentLengthLong()).thenReturn(1L);
    when(request.getInputStream()).thenReturn(stream);
    AtomicReference<AsyncInput> input = new AtomicReference<>();
    AtomicInteger parts = new AtomicInteger();
    input.set(
        AsyncInput.of(
            request,
            new BodyReceiver() {
              @Override
              public boolean onData(byte[] bytes, int offset, int length) {
                parts.incrementAndGet();
                input.get().resume();
                return false;
              }

              @Override
              public void onEnd() {}

              @Override
              public void onError(Throwable cause) {
                throw new AssertionError(cause);
              }
            }));
    stream.listener.onDataAvailable();
    assertThat(parts).hasValue(3);
  }
}
