package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import dev.gangway.servlet.ForwardedFilter;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filter that knows proxies where no front door does. */
@SuppressWarnings("serial")
public abstract class ForwardedFilterConformance {

  private static final String FROM_PROXY =
      """
      Host: internal:8080
      X-Forwarded-For: 6.6.6.6, 192.0.2.7:4711
      X-Forwarded-Proto: https
      X-Forwarded-Host: shop.example
      X-Forwarded-Prefix: /caf%C3%A9
      """;

  private static final GatewayApplication SEEN =
      (environ, startResponse) -> {
        startResponse.start("200 OK", List.of());
        StringBuilder seen = new StringBuilder();
        Map<String, Object> all = new TreeMap<>(environ);
        all.forEach(
            (key, value) -> {
              if (key.matches("SCRIPT_NAME|PATH_INFO|REQUEST_URI|HTTPS|REMOTE_.*|SERVER_[NP][^R].*")
                  || key.matches("HTTP_(X_|F|HOST).*|wsgi.url_scheme")) {
                seen.append(key).append('=').append(value).append('\n');
              }
            });
        return ResponseBody.of(seen.toString().getBytes(StandardCharsets.ISO_8859_1));
      };

  private static final HttpServlet JAVA =
      new HttpServlet() {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
          switch (String.valueOf(request.getPathInfo())) {
            case "/redirect" -> response.sendRedirect("login?next=%2F");
            case "/include" -> request.getRequestDispatcher("/app/x").include(request, response);
            case "/forward" -> request.getRequestDispatcher("/app/x").forward(request, response);
            case "/async" -> request.startAsync(request, response).dispatch("/app/x");
            default ->
                response
                    .getWriter()
                    .print(
                        String.join(
                            " ",
                            request.getRequestURL(),
                            request.getContextPath(),
                            request.getRemoteAddr(),
                            Boolean.toString(request.isSecure()),
                            Boolean.toString(request.isAsyncSupported()),
                            request.getServerName(),
                            Integer.toString(request.getServerPort())));
          }
        }
      };

  private final ConformanceServer server = newServer();

  /** The container under test, which believes nobody by itself and removes nothing. */
  protected abstract ConformanceServer newServer();

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private int start(String... settings) throws Exception {
    return server.start(
        "/ctx",
        (classes, context) -> {
          FilterRegistration.Dynamic filter =
              context.addFilter("forwarded", ForwardedFilter.class.getName());
          for (int i = 0; i < settings.length; i += 2) {
            filter.setInitParameter(settings[i], settings[i + 1]);
          }
          filter.addMappingForUrlPatterns(
              EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD), false, "/*");
          filter.setAsyncSupported(true);
          add(context, "/app/*", new GatewayServlet(SEEN));
          add(context, "/java/*", JAVA);
        });
  }

  private static void add(ServletContext context, String pattern, Servlet servlet) {
    ServletRegistration.Dynamic added = context.addServlet(pattern, servlet);
    added.addMapping(pattern);
    added.setAsyncSupported(true);
  }

  private static RawHttp.Response get(int port, String target, String headers) throws Exception {
    return RawHttp.exchange(
        port,
        "GET "
            + target
            + " HTTP/1.1\r\nConnection: close\r\n"
            + headers.replace("\n", "\r\n")
            + "\r\n");
  }

  @Test
  void showsApplicationsTheClientOfTheProxy() throws Exception {
    int port = start("forwarded-allow-ips", "10.0.0.0/8, 127.0.0.1");
    assertThat(get(port, "/ctx/app/x%20y?q", FROM_PROXY).text())
        .isEqualTo(
            """
            HTTPS=on
            HTTP_HOST=shop.example
            HTTP_X_FORWARDED_FOR=192.0.2.7:4711
            HTTP_X_FORWARDED_HOST=shop.example
            HTTP_X_FORWARDED_PREFIX=/caf%C3%A9
            HTTP_X_FORWARDED_PROTO=https
            PATH_INFO=/x y
            REMOTE_ADDR=192.0.2.7
            REMOTE_PORT=4711
            REQUEST_URI=/caf%C3%A9/ctx/app/x%20y?q
            SCRIPT_NAME=/caf\u00c3\u00a9/ctx/app
            SERVER_NAME=shop.example
            SERVER_PORT=443
            wsgi.url_scheme=https
            """);
  }

  @ParameterizedTest
  @CsvSource({"include", "forward", "async"})
  void keepsThePrefixThroughDispatches(String kind) throws Exception {
    int port = start("forwarded-allow-ips", "*");
    assertThat(get(port, "/ctx/java/" + kind, FROM_PROXY).text())
        .contains("SCRIPT_NAME=/caf\u00c3\u00a9/ctx/app\n", "PATH_INFO=/x\n")
        .contains("REMOTE_ADDR=6.6.6.6\n", "wsgi.url_scheme=https\n");
    if (!kind.equals("async")) {
      assertThat(get(port, "/ctx/java/" + kind, FROM_PROXY).text())
          .contains("REQUEST_URI=/caf%C3%A9/ctx/java/" + kind + "\n");
    }
  }

  @Test
  void showsServletsTheClientOfTheProxy() throws Exception {
    int port = start("forwarded-allow-ips", "127.0.0.1");
    assertThat(get(port, "/ctx/java/", FROM_PROXY).text())
        .isEqualTo(
            "https://shop.example/caf%C3%A9/ctx/java/ /caf%C3%A9/ctx 192.0.2.7 true true"
                + " shop.example 443");
    assertThat(get(port, "/ctx/java/redirect", FROM_PROXY).header("Location"))
        .isEqualTo("https://shop.example/caf%C3%A9/ctx/java/login?next=%2F");
    assertThat(get(port, "/ctx/java/", "Host: a:8000\nX-Forwarded-Proto: https\n").text())
        .isEqualTo("https://a:8000/ctx/java/ /ctx 127.0.0.1 true true a 8000");
  }

  @ParameterizedTest
  @CsvSource({"forwarded-allow-ips, ''", "forwarded-allow-ips, '10.0.0.0/8,::1,unix'"})
  void removesTheHeadersOfOthers(String name, String value) throws Exception {
    int port = start(name, value);
    assertThat(
            get(port, "/ctx/app/x", FROM_PROXY + "Forwarded: for=\"\nX-Real-IP: 1.1.1.1\n").text())
        .contains("HTTP_HOST=internal:8080\n", "SCRIPT_NAME=/ctx/app\n", "REMOTE_ADDR=127.0.0.1\n")
        .doesNotContain("FORWARDED", "REAL_IP", "6.6.6.6", "192.0.2.7", "HTTPS");
  }

  @Test
  void refusesWhatIsMalformedOrContradictory() throws Exception {
    int port = start("forwarded-allow-ips", "127.0.0.1", "forwarded-hops", "1");
    assertThat(get(port, "/ctx/app", "Host: a\nForwarded: for=\"6.6.6.6, for=1.1.1.1\n").status())
        .isEqualTo(400);
    assertThat(get(port, "/ctx/app", FROM_PROXY + "Forwarded: for=6.6.6.6\n").status())
        .isEqualTo(400);
  }

  @Test
  void believesTheKindAndTheHopsOfItsSettings() throws Exception {
    int port =
        start("forwarded-allow-ips", "*", "forwarded-hops", "2", "forwarded-headers", "forwarded");
    assertThat(
            get(
                    port,
                    "/ctx/app",
                    FROM_PROXY + "Forwarded: for=1.1.1.1, for=\"[2001:db8::1]:7\", for=3.3.3.3\n")
                .text())
        .contains("REMOTE_ADDR=2001:db8::1\n", "REMOTE_PORT=7\n", "wsgi.url_scheme=http\n")
        .contains("HTTP_FORWARDED=for=\"[2001:db8::1]:7\", for=3.3.3.3\n")
        .contains("SCRIPT_NAME=/ctx/app\n")
        .doesNotContain("X_FORWARDED");
  }

  @ParameterizedTest
  @CsvSource({
    "forwarded-allow-ips, localhost, '\"localhost\"'",
    "forwarded-hops, 0, forwarded-hops is 0",
    "forwarded-hops, two, '\"two\"'",
    "forwarded-headers, none, '\"none\"'",
    "forwarded-allow, ::1, there is no setting forwarded-allow",
  })
  void saysWhichSettingIsWrong(String name, String value, String message) {
    ForwardedFilter filter = new ForwardedFilter();
    assertThatThrownBy(() -> filter.init(new Settings(name, value)))
        .isInstanceOf(ServletException.class)
        .hasMessageStartingWith("The filter proxies does not start: ")
        .hasMessageContaining(message);
  }

  private record Settings(String name, String value) implements jakarta.servlet.FilterConfig {
    @Override
    public String getFilterName() {
      return "proxies";
    }

    @Override
    public ServletContext getServletContext() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String getInitParameter(String asked) {
      return asked.equals(name) ? value : null;
    }

    @Override
    public java.util.Enumeration<String> getInitParameterNames() {
      return java.util.Collections.enumeration(List.of(name));
    }
  }
}
