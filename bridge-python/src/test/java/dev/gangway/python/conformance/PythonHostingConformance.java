package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonApplication;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.servlet.GatewayFilter;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs, failures, and what may stand around a Python application. */
public abstract class PythonHostingConformance extends EmbeddedPythonTest {

  @Override
  void mount(GatewayBuilder<?> server, PythonApplication python) {
    server
        .filter("/*", new WithoutAsync())
        .filter("/filtered/*", new GatewayFilter(python, 404))
        .mount("/", python)
        .mount("/middleware", new Middleware(python))
        .mount("/impatient", new Impatient(python))
        .servlet("/blocking/*", new GatewayServlet(python))
        .servlet("/filtered/*", new Behind());
  }

  /** What the container reports where a filter was registered without async support. */
  @SuppressWarnings("serial")
  private static final class WithoutAsync extends HttpFilter {
    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      boolean hidden = request.getRequestURI().startsWith("/blocking/");
      chain.doFilter(
          hidden
              ? new HttpServletRequestWrapper(request) {
                @Override
                public boolean isAsyncSupported() {
                  return false;
                }
              }
              : request,
          response);
    }
  }

  /** Adds a header, and passes everything else on. */
  private record Middleware(GatewayApplication inner) implements GatewayApplication {
    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
      return inner.call(
          environ,
          (status, headers, excInfo) -> {
            List<Header> more = new ArrayList<>(headers);
            more.add(new Header("X-Middleware", "1"));
            return startResponse.start(status, more, excInfo);
          });
    }
  }

  /** Answers by itself, and closes what the application gave at once. */
  private record Impatient(GatewayApplication inner) implements GatewayApplication {
    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
      ResponseBody body = inner.call(environ, (status, headers, excInfo) -> chunk -> {});
      body.iterator().next();
      body.close();
      startResponse.start("200 OK", List.of());
      return ResponseBody.of("impatient");
    }
  }

  @SuppressWarnings("serial")
  private static final class Behind extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      response.getWriter().print("behind " + body);
    }
  }

  @Test
  void whatIsLoggedArrivesWithItsLevelAndItsLoggersName() throws Exception {
    try (LogCapture log = LogCapture.of("")) {
      assertThat(get("/logs").text()).isEqualTo("logged");
      assertThat(log.await("shop.orders", "order 7 is late").getLevel()).isEqualTo(Level.WARNING);
      assertThat(log.await("wsgi.errors", "to wsgi.errors").getLevel()).isEqualTo(Level.SEVERE);
      assertThat(log.await("python.stderr", "printed").getLevel()).isEqualTo(Level.WARNING);
      log.await("python.stderr", "to stderr");
    }
    try (LogCapture log = LogCapture.of("shop.levels");
        LogCapture errors = LogCapture.of("wsgi.errors")) {
      get("/logs_levels");
      LogRecord last = log.await("shop.levels", "with a traceback");
      assertThat(last.getMessage()).contains("Traceback (most recent").contains("KeyError: 'lost'");
      assertThat(log.records())
          .extracting(LogRecord::getLevel)
          .containsExactly(
              Level.FINE, Level.INFO, Level.WARNING, Level.SEVERE, Level.SEVERE, Level.SEVERE);
      errors.await("wsgi.errors", "without a line end");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raises",
        "leaves",
        "interrupted",
        "text",
        "started_twice",
        "bad_header",
        "hop_by_hop"
      })
  void aFailureBeforeTheHeadIsA500WithItsTracebackInTheLogOnly(String name) throws Exception {
    List<Long> workers = application().workerPids();
    try (LogCapture log = LogCapture.of("gangway.worker")) {
      RawHttp.Response response = get("/" + name + "?q");
      assertThat(response.status()).isEqualTo(500);
      assertThat(response.text()).isEqualTo("Internal Server Error\n");
      String logged = log.await("gangway.worker", "failed").getMessage();
      assertThat(logged).contains("GET").contains("/" + name).contains("Traceback");
    }
    assertThat(get("/hello").status()).isEqualTo(200);
    assertThat(application().workerPids()).isEqualTo(workers);
  }

  @Test
  void javaMiddlewareMayStandAroundIt() throws Exception {
    assertThat(get("/middleware/hello").header("X-Middleware")).isEqualTo("1");
    assertThat(post("/middleware/echo_in_parts", "b".repeat(200_000)).text()).hasSize(200_000);
    assertThat(get("/middleware/stream?50").text()).endsWith("chunk 49\n");
    assertThat(get("/middleware/large?1000000").text()).hasSize(1_000_000);
    assertThat(get("/middleware/raises_later").isComplete()).isFalse();
    assertThat(get("/middleware/raises").status()).isEqualTo(500);
    assertThat(get("/middleware/temporary_file").text()).hasSize(100_000);
    assertThat(environ(get("/middleware/environ_lines/x")))
        .containsEntry("SCRIPT_NAME", "/middleware/environ_lines")
        .containsEntry("PATH_INFO", "/x");
  }

  @Test
  void middlewareThatClosesTheBodyEarlyFreesTheWorker() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(get("/impatient/closing?endless-impatient" + i).text()).isEqualTo("impatient");
      awaitCloses("impatient" + i, 1);
    }
    assertThat(get("/hello").status()).isEqualTo(200);
  }

  @Test
  void withoutAsyncSupportInFrontItHoldsAThreadAndSaysSoOnce() throws Exception {
    try (LogCapture log = LogCapture.of("dev.gangway.servlet")) {
      for (int i = 0; i < 3; i++) {
        assertThat(get("/blocking/hello").status()).isEqualTo(200);
      }
      assertThat(post("/blocking/echo_in_parts", "b".repeat(100_000)).text()).hasSize(100_000);
      assertThat(get("/blocking/raises_later").isComplete()).isFalse();
      assertThat(send("HEAD", "/blocking/stream").status()).isEqualTo(200);
      assertThat(log.messages().stream().filter(message -> message.contains("async-supported")))
          .hasSize(1);
    }
  }

  @Test
  void aFilterPassesOnWhatTheApplicationDoesNotFind() throws Exception {
    assertThat(get("/filtered/nothing/here").text()).isEqualTo("behind ");
    assertThat(get("/missing").status()).isEqualTo(404);
  }
}
