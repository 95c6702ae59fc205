package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import dev.gangway.servlet.EnvironCustomizer;
import dev.gangway.servlet.GatewayFilter;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servlets and filters: kinds of mappings, dispatches, what a filter passes on. */
public abstract class MountConformance {

  /** Answers with how it was called. */
  private static final GatewayApplication WHERE =
      (environ, startResponse) -> {
        startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
        return ResponseBody.of(
            environ.scriptName()
                + "|"
                + environ.pathInfo()
                + "|"
                + environ.queryString()
                + "|"
                + environ.get("REQUEST_URI")
                + "\n");
      };

  private final ConformanceServer server = newServer();

  /** The container under test. */
  protected abstract ConformanceServer newServer();

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private int start(String contextPath, Consumer<ServletContext> setup) throws Exception {
    return server.start(contextPath, (classes, context) -> setup.accept(context));
  }

  private static void add(ServletContext context, String pattern, GatewayApplication application) {
    ServletRegistration.Dynamic servlet =
        context.addServlet("app " + pattern, new GatewayServlet(application));
    servlet.addMapping(pattern);
    servlet.setAsyncSupported(true);
  }

  private static void add(ServletContext context, String pattern, HttpServlet servlet) {
    ServletRegistration.Dynamic added = context.addServlet("java " + pattern, servlet);
    added.addMapping(pattern);
    added.setAsyncSupported(true);
  }

  private static void filter(ServletContext context, String name, Filter filter) {
    FilterRegistration.Dynamic added = context.addFilter(name, filter);
    added.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    added.setAsyncSupported(true);
  }

  private static String get(int port, String target) throws Exception {
    RawHttp.Response response = RawHttp.exchange(port, ConformanceTest.get(target));
    return response.status() == 200 ? response.text().strip() : Integer.toString(response.status());
  }

  @ParameterizedTest
  @CsvSource({
    "'', /, /x?y, '|/x|y|/x?y'",
    "'', /*, /, '|/||/'",
    "'', '', /, '|/||/'",
    "'', /exact, /exact, '/exact|||/exact'",
    "'', *.do, /a/b.do, '|/a/b.do||/a/b.do'",
    "'', *.do, '/a/b.do;x=y', '|/a/b.do;x=y||/a/b.do;x=y'",
    "/ctx, /, /ctx/x, '/ctx|/x||/ctx/x'",
    "/ctx, /*, /ctx/, '/ctx|/||/ctx/'",
    "/ctx, /*, /ctx/a%2Fb, '/ctx|/a/b||/ctx/a%2Fb'",
    "/ctx, /p/*, /ctx/p, '/ctx/p|||/ctx/p'",
    "/ctx, /p/*, /ctx/p/, '/ctx/p|/||/ctx/p/'",
    "/ctx, /p/*, /ctx/p/x/y, '/ctx/p|/x/y||/ctx/p/x/y'",
    "/ctx, /p/*, '/ctx;a=b/p;c=d/x;e=f', '/ctx/p|/x;e=f||/ctx;a=b/p;c=d/x;e=f'",
    "/ctx, /p/*, /ctx/q/../p/x, '/ctx/p|/x||/ctx/q/../p/x'",
    "/ctx, /p/q/*, /ctx/p/q/x, '/ctx/p/q|/x||/ctx/p/q/x'",
    "/ctx, /exact, /ctx/exact, '/ctx/exact|||/ctx/exact'",
    "/ctx, '', /ctx/, '/ctx|/||/ctx/'",
    "/ctx, *.do, /ctx/a.do, '/ctx|/a.do||/ctx/a.do'",
    "/a%20b/c, /*, /a%20b/c/x, '/a b/c|/x||/a%20b/c/x'"
  })
  void splitsThePathByTheKindOfTheMapping(
      String contextPath, String pattern, String target, String seen) throws Exception {
    String decoded = contextPath.replace("%20", " ");
    int port = start(decoded, context -> add(context, pattern, WHERE));
    assertThat(get(port, target)).isEqualTo(server.refuses(target) ? "400" : seen);
  }

  private static void addCustomized(
      ServletContext context, String pattern, EnvironCustomizer customizer) {
    ExchangeApplication exchanging =
        new ExchangeApplication() {
          @Override
          public void handle(Exchange exchange) {
            byte[] answer = exchange.environ().toString().getBytes(StandardCharsets.ISO_8859_1);
            exchange.start(200, "OK", List.of());
            exchange.complete(answer, 0, answer.length);
          }

          @Override
          public ResponseBody call(Environ environ, StartResponse startResponse) {
            throw new IllegalStateException("A servlet with async-supported calls handle");
          }
        };
    GatewayApplication calling =
        (environ, startResponse) -> {
          startResponse.start("200 OK", List.of());
          return ResponseBody.of(environ.toString().getBytes(StandardCharsets.ISO_8859_1));
        };
    for (GatewayApplication application : List.of(exchanging, calling)) {
      boolean asynchronous = application instanceof ExchangeApplication;
      ServletRegistration.Dynamic servlet =
          context.addServlet(pattern + asynchronous, new GatewayServlet(application, customizer));
      servlet.addMapping("/" + (asynchronous ? "exchange" : "call") + pattern);
      servlet.setAsyncSupported(true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/exchange", "/call"})
  void anApplicationSeesWhatACustomizerPuts(String path) throws Exception {
    EnvironCustomizer tenant =
        (environ, request) -> environ.putText("example.tenant", "J\u00f6rg " + request.getMethod());
    int port =
        start(
            "",
            context -> {
              addCustomized(
                  context, "/put", tenant.andThen((it, request) -> it.put("REMOTE_USER", "joerg")));
              addCustomized(
                  context,
                  "/fails",
                  (environ, request) -> {
                    throw new IllegalStateException("provoked by the test");
                  });
            });
    assertThat(get(port, path + "/put"))
        .contains("example.tenant=J\u00c3\u00b6rg GET")
        .contains("REMOTE_USER=joerg");
    assertThat(get(port, path + "/fails")).isEqualTo("500");
  }

  @Test
  void seesThePathOfAForward() throws Exception {
    int port =
        start(
            "/ctx",
            context -> {
              add(context, "/p/*", WHERE);
              add(
                  context,
                  "/from",
                  new HttpServlet() {
                    @Override
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                      try {
                        request.getRequestDispatcher("/p/a%20b?q=1").forward(request, response);
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
                      }
                    }
                  });
            });
    assertThat(get(port, "/ctx/from?z=2")).startsWith("/ctx/p|/a b|q=1").endsWith("/ctx/from?z=2");
  }

  @Test
  void seesThePathOfAnInclude() throws Exception {
    int port =
        start(
            "/ctx",
            context -> {
              add(context, "/p/*", WHERE);
              add(
                  context,
                  "/from",
                  new HttpServlet() {
                    @Override
                    protected void doGet(HttpServletRequest request, HttpServletResponse response)
                        throws IOException {
                      try {
                        response.getOutputStream().print("<");
                        request.getRequestDispatcher("/p/x?q=1").include(request, response);
                        response.getOutputStream().print(">");
                      } catch (jakarta.servlet.ServletException e) {
                        throw new IOException(e);
                      }
                    }
                  });
            });
    assertThat(get(port, "/ctx/from?z=2")).isEqualTo("</ctx/p|/x|q=1|/ctx/from?z=2\n>");
  }

  @Test
  void seesThePathOfAnAsyncDispatch() throws Exception {
    int port =
        start(
            "/ctx",
            context -> {
              add(context, "/p/*", WHERE);
              add(
                  context,
                  "/from",
                  new HttpServlet() {
                    @Override
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                      request.startAsync().dispatch("/p/x");
                    }
                  });
            });
    assertThat(get(port, "/ctx/from")).startsWith("/ctx/p|/x|");
  }

  @Test
  void hasNoPrefixAsAFilter() throws Exception {
    int port =
        start(
            "/ctx",
            context -> {
              filter(context, "gateway", new GatewayFilter(WHERE));
              add(context, "/p/*", WHERE);
            });
    assertThat(get(port, "/ctx/p/x%20y")).startsWith("/ctx|/p/x y|");
  }

  @Test
  void passesOnWhatTheApplicationDoesNotKnow() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    GatewayApplication site =
        (environ, startResponse) -> {
          boolean known = environ.pathInfo().equals("/known");
          boolean written = environ.pathInfo().equals("/written");
          var writer =
              startResponse.start(
                  known ? "200 OK" : "404 Not Found",
                  List.of(new Header("X-Site", "1"), new Header("Content-Length", "4")));
          if (written) {
            writer.write("site".getBytes(StandardCharsets.US_ASCII));
          }
          return new ResponseBody() {
            @Override
            public java.util.Iterator<byte[]> iterator() {
              return (written ? List.<byte[]>of() : List.of(new byte[] {'s', 'i', 't', 'e'}))
                  .iterator();
            }

            @Override
            public void close() {
              closed.incrementAndGet();
            }
          };
        };
    int port =
        start(
            "",
            context -> {
              filter(context, "site", new GatewayFilter(site, 404, 405));
              add(context, "/*", WHERE);
            });
    assertThat(get(port, "/known")).isEqualTo("site");
    for (String target : List.of("/other", "/written")) {
      RawHttp.Response response = RawHttp.exchange(port, ConformanceTest.get(target));
      assertThat(response.text()).startsWith("|" + target + "|");
      assertThat(response.header("X-Site")).isNull();
      assertThat(response.isComplete()).isTrue();
    }
    assertThat(closed.get()).isEqualTo(3);
  }

  /** Asks for a parameter, as many Java filters do, which makes the container read a form. */
  private static Filter asking(String encoding) {
    return (request, response, chain) -> {
      if (encoding != null) {
        request.setCharacterEncoding(encoding);
      }
      request.getParameter("any");
      chain.doFilter(request, response);
    };
  }

  private static final GatewayApplication FORM =
      (environ, startResponse) -> {
        Environ all = environ;
        String length = all.string("CONTENT_LENGTH");
        byte[] body = environ.input().readAllBytes();
        startResponse.start("200 OK", List.of());
        return ResponseBody.of(
            length + "|" + new String(body, StandardCharsets.ISO_8859_1) + "|" + body.length);
      };

  @ParameterizedTest
  @CsvSource({
    "/, a=1&b=2&a=3, , a=1&a=3&b=2",
    "/?a=0&c=4, a=1&b=2, , a=1&b=2",
    "/, a=%C3%A9+x%26y%3D, , a=%C3%A9+x%26y%3D",
    "/, a=%C3%A9, UTF-8, a=%C3%A9",
    "/, a=&b, , a=&b="
  })
  void makesAFormAgainThatAFilterHasRead(String target, String sent, String encoding, String seen)
      throws Exception {
    int port =
        start(
            "",
            context -> {
              filter(context, "asking", asking(encoding));
              add(context, "/*", FORM);
            });
    for (String framing : List.of("length", "chunked")) {
      String body =
          framing.equals("length")
              ? "Content-Length: " + sent.length() + "\r\n\r\n" + sent
              : "Transfer-Encoding: chunked\r\n\r\n"
                  + Integer.toHexString(sent.length())
                  + "\r\n"
                  + sent
                  + "\r\n0\r\n\r\n";
      RawHttp.Response response =
          RawHttp.exchange(
              port,
              "POST "
                  + target
                  + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                  + "Content-Type: application/x-www-form-urlencoded\r\n"
                  + body);
      assertThat(response.text()).isEqualTo(seen.length() + "|" + seen + "|" + seen.length());
    }
  }

  @Test
  void readsAFormAsItWasSentWithoutSuchAFilter() throws Exception {
    int port = start("", context -> add(context, "/*", FORM));
    String sent = "b=%c3%a9&a=1&b=%zz";
    RawHttp.Response response =
        RawHttp.exchange(
            port,
            "POST /?x=y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + sent.length()
                + "\r\n\r\n"
                + sent);
    assertThat(response.text()).isEqualTo(sent.length() + "|" + sent + "|" + sent.length());
  }
}
