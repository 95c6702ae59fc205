package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose forwarded headers every container believes, and what they change. */
public abstract class ForwardedTests {

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  @SuppressWarnings("serial")
  static final class WhoAmI extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response
          .getWriter()
          .print(
              request.getRemoteAddr()
                  + " "
                  + request.getScheme()
                  + " "
                  + request.isSecure()
                  + " "
                  + request.getServerName()
                  + " "
                  + request.getServerPort()
                  + " "
                  + request.getHeader("Host"));
    }
  }

  private void assertSeen(String[] trusted, String seen, String... headers) throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .forwardedAllowIps(trusted)
            .servlet("/*", new WhoAmI())
            .start()) {
      assertThat(RawClient.get(gateway, "/", headers)).endsWith("\r\n\r\n" + seen);
    }
  }

  private static String[] trusting(String... addresses) {
    return addresses;
  }

  private static final String[] FROM_PROXY = {
    "Host: internal:8080",
    "X-Forwarded-For: 6.6.6.6, 192.0.2.7",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: shop.example",
  };

  @Test
  void believesNobodyUnlessTold() throws Exception {
    assertSeen(trusting(), "127.0.0.1 http false internal 8080 internal:8080", FROM_PROXY);
  }

  @Test
  void doesNotBelieveOthers() throws Exception {
    assertSeen(
        trusting("10.0.0.0/8", "::1"),
        "127.0.0.1 http false internal 8080 internal:8080",
        FROM_PROXY);
  }

  @Test
  void takesTheLastAddressThatIsNoProxyOfOurs() throws Exception {
    assertSeen(
        trusting("127.0.0.1"), "192.0.2.7 https true shop.example 443 shop.example", FROM_PROXY);
    assertSeen(
        trusting("127.0.0.0/8", "192.0.2.7"),
        "6.6.6.6 https true shop.example 443 shop.example",
        FROM_PROXY);
  }

  @Test
  void believesEverybodyIfToldSo() throws Exception {
    assertSeen(trusting("*"), "6.6.6.6 https true shop.example 443 shop.example", FROM_PROXY);
  }

  @Test
  void readsTheForwardedHeaderOfRfc7239() throws Exception {
    assertSeen(
        trusting("127.0.0.1"),
        "2001:db8:cafe::17 https true shop.example 8443 shop.example:8443",
        "Forwarded: for=6.6.6.6, for=\"[2001:db8:cafe::17]:4711\";proto=https;"
            + "host=\"shop.example:8443\"");
  }

  @Test
  void leavesTheSchemesOwnPortOutOfTheHost() throws Exception {
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 https true shop.example 443 shop.example",
        "Host: internal",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: shop.example:443");
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 https true shop.example 443 shop.example",
        "Host: shop.example:8000",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 443");
  }

  @Test
  void leavesAloneWhatTheProxyDoesNotSay() throws Exception {
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 https true test 443 test",
        "X-Forwarded-Proto: https",
        "Host: test");
    assertSeen(
        trusting("127.0.0.1"),
        "192.0.2.7 http false test 8000 test:8000",
        "X-Forwarded-For: 192.0.2.7",
        "Host: test:8000");
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 http false test 8443 test:8443",
        "X-Forwarded-Port: 8443",
        "Host: test");
  }

  @Test
  void ignoresWhatIsNoAddressOrHost() throws Exception {
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 http false test 80 test",
        "X-Forwarded-For: unknown",
        "X-Forwarded-Host: a b<c>",
        "X-Forwarded-Proto: gopher",
        "Host: test");
  }

  @Test
  void believesThePeerOfAUnixDomainSocket() throws Exception {
    try (Gateway gateway =
        builder()
            .bind("unix:" + folder.resolve("gangway.sock"))
            .forwardedAllowIps("127.0.0.1")
            .servlet("/*", new WhoAmI())
            .start()) {
      assertThat(RawClient.get(gateway, "/", FROM_PROXY))
          .endsWith("\r\n\r\n192.0.2.7 https true shop.example 443 shop.example");
      assertThat(RawClient.get(gateway, "/", "X-Forwarded-For: 192.0.2.7"))
          .endsWith("\r\n\r\n192.0.2.7 http false test 80 test");
      try (RawClient old = RawClient.to(gateway)) {
        assertThat(old.send("GET / HTTP/1.0\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n").readToEnd())
            .contains("\r\n\r\n192.0.2.7 http false ");
      }
    }
  }

  /** Answers with what an application knows of the client and the proxy. */
  static final GatewayApplication SEEN =
      (environ, startResponse) -> {
        startResponse.start("200 OK", List.of());
        StringBuilder seen = new StringBuilder();
        Map<String, Object> all = new TreeMap<>(environ);
        all.forEach(
            (key, value) -> {
              if (key.matches("SCRIPT_NAME|PATH_INFO|REQUEST_URI|HTTPS|REMOTE_.*|SERVER_P.*T")
                  || key.matches("HTTP_(X_|F|HOST).*|wsgi.url_scheme")) {
                seen.append(key).append('=').append(value).append('\n');
              }
            });
        return ResponseBody.of(seen.toString().getBytes(StandardCharsets.ISO_8859_1));
      };

  private String environ(GatewayBuilder<?> builder, String... headers) throws Exception {
    try (Gateway gateway =
        builder.bind("127.0.0.1:0").mount("/", SEEN).mount("/app", SEEN).start()) {
      String answer = RawClient.get(gateway, "/app/x%20y?q", headers);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }

  private String overAUnixSocket(String... trusted) throws Exception {
    try (Gateway gateway =
        builder()
            .bind("unix:" + folder.resolve("gangway.sock"))
            .forwardedAllowIps(trusted)
            .mount("/", SEEN)
            .start()) {
      return RawClient.get(gateway, "/", FROM_PROXY);
    }
  }

  @Test
  void aPeerOfAUnixSocketHasNoAddress() throws Exception {
    assertThat(overAUnixSocket())
        .contains("REMOTE_ADDR=\n", "wsgi.url_scheme=http\n")
        .doesNotContain("REMOTE_PORT");
  }

  @Test
  void believesPeersOfUnixSocketsOnceSomebodyIsTrusted() throws Exception {
    for (String trusted : List.of("unix", "10.0.0.0/8")) {
      assertThat(overAUnixSocket(trusted))
          .contains("REMOTE_ADDR=192.0.2.7\n", "wsgi.url_scheme=https\n")
          .doesNotContain("REMOTE_PORT");
    }
  }

  @Test
  void hidesTheHeadersOfOthersFromApplications() throws Exception {
    String[] headers = {
      "X-Forwarded-For: 6.6.6.6",
      "x-forwarded-proto: https",
      "X-FORWARDED-SSL: on",
      "X-Forwarded-Prefix: /evil",
      "Forwarded: for=\"",
      "X-Real-IP: 6.6.6.6",
      "X-Request-Id: 7",
      "Host: internal",
    };
    for (String[] trusted : List.of(trusting(), trusting("10.0.0.0/8", "unix"))) {
      assertThat(environ(builder().forwardedAllowIps(trusted), headers))
          .contains("HTTP_X_REQUEST_ID=7\n", "SCRIPT_NAME=/app\n", "REMOTE_ADDR=127.0.0.1\n")
          .contains("wsgi.url_scheme=http\n", "REQUEST_URI=/app/x%20y?q\n")
          .doesNotContain("FORWARDED", "REAL_IP", "6.6.6.6", "HTTPS", "evil");
    }
  }

  @Test
  void showsApplicationsOnlyWhatIsBelieved() throws Exception {
    assertThat(
            environ(
                builder().forwardedAllowIps("127.0.0.1", "10.0.0.0/8"),
                "Host: internal",
                "X-Forwarded-For: 6.6.6.6, 192.0.2.7:4711, 10.0.0.9",
                "X-Forwarded-Proto: gopher, https",
                "X-Forwarded-Host: a b, shop.example",
                "X-Forwarded-Port: 443",
                "X-Forwarded-Prefix: /caf%C3%A9/"))
        .isEqualTo(
            """
            HTTPS=on
            HTTP_HOST=shop.example
            HTTP_X_FORWARDED_FOR=192.0.2.7:4711, 10.0.0.9
            HTTP_X_FORWARDED_HOST=shop.example
            HTTP_X_FORWARDED_PORT=443
            HTTP_X_FORWARDED_PREFIX=/caf%C3%A9
            HTTP_X_FORWARDED_PROTO=https
            PATH_INFO=/x y
            REMOTE_ADDR=192.0.2.7
            REMOTE_PORT=4711
            REQUEST_URI=/caf%C3%A9/app/x%20y?q
            SCRIPT_NAME=/caf\u00c3\u00a9/app
            SERVER_PORT=443
            wsgi.url_scheme=https
            """);
  }

  @Test
  void countsHops() throws Exception {
    assertThat(
            environ(
                builder().forwardedAllowIps("*").forwardedHops(2),
                "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 192.0.2.8"))
        .contains("REMOTE_ADDR=192.0.2.7\n", "HTTP_X_FORWARDED_FOR=192.0.2.7, 192.0.2.8\n")
        .doesNotContain("REMOTE_PORT");
  }

  @Test
  void refusesAProxysHeadersThatHideItsWordOrContradictEachOther() throws Exception {
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").forwardedAllowIps("127.0.0.1").mount("/", SEEN).start()) {
      assertThat(RawClient.get(gateway, "/", "Forwarded: for=\"6.6.6.6, for=192.0.2.7"))
          .startsWith("HTTP/1.1 400 ");
      assertThat(
              RawClient.get(gateway, "/", "X-Forwarded-For: 192.0.2.7", "Forwarded: for=6.6.6.6"))
          .startsWith("HTTP/1.1 400 ");
      assertThat(RawClient.get(gateway, "/", "Forwarded: for=192.0.2.7"))
          .contains("REMOTE_ADDR=192.0.2.7\n");
    }
  }

  @Test
  void believesOneKindOfHeadersIfToldSo() throws Exception {
    assertThat(
            environ(
                builder()
                    .forwardedAllowIps("127.0.0.1")
                    .forwardedHeaders(ForwardedHeaders.Kind.X_FORWARDED),
                "X-Forwarded-For: 192.0.2.7",
                "Forwarded: for=6.6.6.6"))
        .contains("REMOTE_ADDR=192.0.2.7\n")
        .doesNotContain("HTTP_FORWARDED");
  }

  @Test
  void redirectsToTheHostThatTheClientAskedFor() throws Exception {
    @SuppressWarnings("serial")
    HttpServlet login =
        new HttpServlet() {
          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            response.sendRedirect(request.getRequestURL() + "login");
          }
        };
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").forwardedAllowIps("*").servlet("/*", login).start()) {
      assertThat(RawClient.get(gateway, "/", FROM_PROXY))
          .contains("\r\nLocation: https://shop.example/login\r\n");
    }
  }
}
