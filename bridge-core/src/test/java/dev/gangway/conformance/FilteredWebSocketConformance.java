package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.servlet.AsgiServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSockets behind filters that wrap the request and the response. */
@SuppressWarnings("serial")
public abstract class FilteredWebSocketConformance {

  private final ConformanceServer server = newServer();

  /** The container under test. */
  protected abstract ConformanceServer newServer();

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  /** Opens a WebSocket behind a filter, and closes it. */
  protected void echoesBehind(Filter filter) throws Exception {
    int port =
        server.start(
            "",
            (classes, context) -> {
              FilterRegistration.Dynamic added = context.addFilter("wrapping", filter);
              added.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
              added.setAsyncSupported(true);
              ServletRegistration.Dynamic servlet =
                  context.addServlet("echo", new AsgiServlet(WebSocketTest.ECHO));
              servlet.addMapping("/*");
              servlet.setAsyncSupported(true);
            });
    try (RawWebSocket client = RawWebSocket.open(port, "/")) {
      client.text("hello");
      assertThat(client.read().text()).isEqualTo("hello");
      client.close(4000, "");
      assertThat(client.read().code()).isEqualTo(4000);
    }
  }

  @Test
  void opensBehindAFilterThatWrapsBoth() throws Exception {
    echoesBehind(
        new HttpFilter() {
          @Override
          protected void doFilter(
              HttpServletRequest request, HttpServletResponse response, FilterChain chain)
              throws IOException, ServletException {
            chain.doFilter(
                new HttpServletRequestWrapper(request), new HttpServletResponseWrapper(response));
          }
        });
  }

  /** As those that compress, or make an entity tag of the body. */
  @Test
  void opensBehindAFilterThatKeepsTheBodyUntilTheEnd() throws Exception {
    echoesBehind(
        (request, response, chain) -> {
          Kept kept = new Kept((HttpServletResponse) response);
          chain.doFilter(request, kept);
          if (kept.body.size() > 0) {
            response.setContentLength(kept.body.size());
            kept.body.writeTo(response.getOutputStream());
          }
        });
  }

  private static final class Kept extends HttpServletResponseWrapper {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Kept(HttpServletResponse response) {
      super(response);
    }

    @Override
    public void flushBuffer() {
      // Not before the body is known.
    }

    @Override
    public ServletOutputStream getOutputStream() {
      return new ServletOutputStream() {
        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void write(int octet) {
          body.write(octet);
        }
      };
    }
  }
}
