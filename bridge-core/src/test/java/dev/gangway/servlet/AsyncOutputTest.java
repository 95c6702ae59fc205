package dev.gangway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AsyncOutputTest {

  /** The stream of a request that is over, as Tomcat leaves it behind. */
  private static final class Recycled extends ServletOutputStream {
    private WriteListener listener;

    @Override
    public boolean isReady() {
      throw new NullPointerException("the output buffer is another request's");
    }

    @Override
    public void setWriteListener(WriteListener writeListener) {
      listener = writeListener;
    }

    @Override
    public void write(int b) {
      throw new AssertionError("not ready");
    }
  }

  @Test
  void eachPartIsToldWhateverTheContainerThrows() throws Exception {
    Recycled stream = new Recycled();
    HttpServletResponse response = mock(HttpServletResponse.class);
    when(response.getOutputStream()).thenReturn(stream);
    List<String> told = new ArrayList<>();
    AsyncOutput output =
        AsyncOutput.open(
            response,
            cause -> {
              told.add("failed");
              throw new IllegalStateException("completed already");
            });
    assertThat(output.isUnused()).isTrue();
    output.write(new byte[1], 0, 1, failure -> told.add("first " + name(failure)));
    assertThat(output.isUnused()).isFalse();
    stream.listener.onWritePossible();
    output.write(new byte[1], 0, 1, failure -> told.add("second " + name(failure)));
    assertThat(told)
        .containsExactly("failed", "first NullPointerException", "second NullPointerException");
  }

  private static String name(Throwable failure) {
    return Objects.requireNonNull(failure).getClass().getSimpleName();
  }
}
