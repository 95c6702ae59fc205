package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.servlet.ContainerSupport;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What {@link ContainerSupport#abort} does in every container, seen by the client. */
public abstract class AbortTests {

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  private static void abort(HttpServletRequest request, HttpServletResponse response) {
    ContainerSupport support =
        ServiceLoader.load(ContainerSupport.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(it -> it.supports(request))
            .findFirst()
            .orElseThrow();
    support.abort(request, response, new IOException("half of it is missing"));
  }

  private static void begin(HttpServletResponse response) throws IOException {
    response.setContentType("text/plain");
    response.getOutputStream().print("half");
    response.flushBuffer();
  }

  @FunctionalInterface
  interface Answer {
    void to(HttpServletRequest request, HttpServletResponse response) throws Exception;
  }

  @SuppressWarnings("serial")
  static final class Answering extends HttpServlet {
    private final transient Answer answer;

    Answering(Answer answer) {
      this.answer = answer;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException {
      try {
        answer.to(request, response);
      } catch (Exception e) {
        throw new ServletException(e);
      }
    }
  }

  private void assertBrokenOff(Answer answer) throws Exception {
    try (Gateway gateway =
            builder().bind("127.0.0.1:0").servlet("/broken", new Answering(answer)).start();
        RawClient client = RawClient.to(gateway)) {
      String seen = client.send("GET /broken HTTP/1.1\r\nHost: test\r\n\r\n").readToEnd();
      assertThat(seen).startsWith("HTTP/1.1 200").containsIgnoringCase("chunked").contains("half");
      assertThat(seen).as("no last chunk").doesNotContain("\r\n0\r\n");
    }
  }

  @Test
  void breaksAResponseOffOnTheContainersThread() throws Exception {
    assertBrokenOff(
        (request, response) -> {
          begin(response);
          abort(request, response);
        });
  }

  @Test
  void breaksAResponseOffThatFiltersWrapped() throws Exception {
    assertBrokenOff(
        (request, response) -> {
          begin(response);
          abort(
              new HttpServletRequestWrapper(new HttpServletRequestWrapper(request)),
              new HttpServletResponseWrapper(response));
        });
  }

  @RepeatedTest(20) // a race with the thread that is still in the servlet
  void breaksAnAsynchronousResponseOffFromAnotherThread() throws Exception {
    assertBrokenOff(
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.setTimeout(0);
          begin(response);
          new Thread(() -> abort(request, response)).start();
        });
  }

  @Test
  void breaksOffWhatAWriteListenerBegan() throws Exception {
    assertBrokenOff(
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.setTimeout(0);
          response.setContentType("text/plain");
          ServletOutputStream out = response.getOutputStream();
          out.setWriteListener(
              new WriteListener() {
                private boolean begun;

                @Override
                public void onWritePossible() throws IOException {
                  if (!begun) {
                    begun = true;
                    out.print("half");
                    if (out.isReady()) {
                      out.flush();
                    }
                    new Thread(() -> abort(request, response)).start();
                  }
                }

                @Override
                public void onError(Throwable failure) {
                  // the client sees it
                }
              });
        });
  }

  @RepeatedTest(5)
  void breaksOffWhileTheClientDoesNotRead() throws Exception {
    CompletableFuture<Void> full = new CompletableFuture<>();
    Answer endless =
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.setTimeout(0);
          response.setContentType("text/plain");
          ServletOutputStream out = response.getOutputStream();
          out.setWriteListener(
              new WriteListener() {
                @Override
                public void onWritePossible() throws IOException {
                  while (out.isReady()) {
                    out.write(new byte[64 * 1024]);
                  }
                  new Thread(
                          () -> {
                            abort(request, response);
                            full.complete(null);
                          })
                      .start();
                }

                @Override
                public void onError(Throwable failure) {
                  // the client sees it
                }
              });
        };
    try (Gateway gateway =
            builder().bind("127.0.0.1:0").servlet("/broken", new Answering(endless)).start();
        RawClient client = RawClient.to(gateway)) {
      client.send("GET /broken HTTP/1.1\r\nHost: test\r\n\r\n");
      full.get(20, TimeUnit.SECONDS);
      String seen = client.readToEnd();
      assertThat(seen.substring(0, 12)).isEqualTo("HTTP/1.1 200");
      assertThat(seen.endsWith("\r\n0\r\n\r\n")).isFalse();
    }
  }

  @Test
  void goesOnServingOthersAfterwards() throws Exception {
    Answer answer =
        (request, response) -> {
          begin(response);
          if (request.getQueryString() == null) {
            abort(request, response);
          }
        };
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").servlet("/broken", new Answering(answer)).start()) {
      for (int i = 0; i < 20; i++) {
        assertThat(RawClient.get(gateway, "/broken")).doesNotContain("\r\n0\r\n");
        assertThat(RawClient.get(gateway, "/broken?whole")).contains("half");
      }
    }
  }
}
