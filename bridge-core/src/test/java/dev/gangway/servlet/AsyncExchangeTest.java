package dev.gangway.servlet;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.gangway.Environ;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** What a real container shows once in ten thousand requests. */
class AsyncExchangeTest {

  private static final class Empty implements ExchangeApplication {
    @Override
    public void handle(Exchange exchange) {
      exchange.start(204, "No Content", List.of());
      exchange.complete(new byte[0], 0, 0);
    }

    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) {
      throw new IllegalStateException("The request supports asynchronous operation");
    }
  }

  @Test
  void anEmptyAnswerCompletesWhenTheContainerSaysThatItCanBeWrittenTo() throws Exception {
    ServletOutputStream stream = mock(ServletOutputStream.class);
    HttpServletResponse response = mock(HttpServletResponse.class);
    when(response.getOutputStream()).thenReturn(stream);
    AsyncContext async = mock(AsyncContext.class);
    HttpServletRequest request = mock(HttpServletRequest.class);
    when(request.getMethod()).thenReturn("GET");
    when(request.getProtocol()).thenReturn("HTTP/1.1");
    when(request.getContentLengthLong()).thenReturn(-1L);
    when(request.startAsync(any(), any())).thenReturn(async);

    AsyncExchange.hand(
        new Empty(), request, response, new RequestPath("", "/"), false, EnvironCustomizer.NONE);
    verify(async, never()).complete();

    ArgumentCaptor<WriteListener> listener = ArgumentCaptor.forClass(WriteListener.class);
    verify(stream).setWriteListener(listener.capture());
    when(stream.isReady()).thenReturn(true);
    listener.getValue().onWritePossible();
    verify(async).complete();
    verify(stream, never()).flush();
  }
}
