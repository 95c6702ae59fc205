package dev.gangway.servlet;

import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.gangway.Header;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.InOrder;

class HeadWriterTest {

  private final HttpServletRequest request = mock(HttpServletRequest.class);
  private final HttpServletResponse response = mock(HttpServletResponse.class);

  @Test
  void keepsWhatMayBeRepeated() {
    HeadWriter.apply(
        request,
        response,
        200,
        List.of(new Header("Set-Cookie", "a"), new Header("set-cookie", "b")));
    InOrder order = inOrder(response);
    order.verify(response).setStatus(200);
    order.verify(response).addHeader("Set-Cookie", "a");
    order.verify(response).addHeader("set-cookie", "b");
  }

  @Test
  void replacesWhatAFilterHasSetOnce() {
    HeadWriter.apply(
        request,
        response,
        200,
        List.of(new Header("X-Frame-Options", "a"), new Header("Date", "b")));
    verify(response).setHeader("X-Frame-Options", "a");
    verify(response).setHeader("Date", "b");
  }

  @ParameterizedTest
  @CsvSource({"200, true", "304, true", "204, false"})
  void setsALengthOf64Bits(int status, boolean set) {
    HeadWriter.apply(
        request, response, status, List.of(new Header("content-length", "5000000000")));
    if (set) {
      verify(response).setContentLengthLong(5_000_000_000L);
    } else {
      verify(response, never()).setContentLengthLong(anyLong());
    }
  }

  @Test
  void takesBackTheCharsetThatJettyAdds() {
    when(response.getContentType()).thenReturn("text/html;charset=utf-8");
    HeadWriter.apply(request, response, 200, List.of(new Header("Content-Type", "text/html")));
    verify(response).setContentType("text/html");
    verify(response).setCharacterEncoding(null);
  }

  @Test
  void leavesTheCharsetOfTheApplication() {
    when(response.getContentType()).thenReturn("text/html;charset=UTF-8");
    HeadWriter.apply(
        request, response, 200, List.of(new Header("Content-Type", "text/html; charset=UTF-8")));
    verify(response, never()).setCharacterEncoding(null);
  }
}
