package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.gangway.FileWrapper;
import dev.gangway.GatewayInput;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The environ that an application sees. */
public abstract class EnvironConformance extends ConformanceTest {

  @Test
  void describesASimpleRequest() throws Exception {
    Map<String, Object> environ = environ("/some/path?a=b&c", "User-Agent: test");
    assertThat(environ)
        .contains(
            entry("REQUEST_METHOD", "GET"),
            entry("SCRIPT_NAME", ""),
            entry("PATH_INFO", "/some/path"),
            entry("QUERY_STRING", "a=b&c"),
            entry("REQUEST_URI", "/some/path?a=b&c"),
            entry("RAW_URI", "/some/path?a=b&c"),
            entry("SERVER_NAME", "localhost"),
            entry("SERVER_PORT", "80"),
            entry("SERVER_PROTOCOL", "HTTP/1.1"),
            entry("REMOTE_ADDR", "127.0.0.1"),
            entry("HTTP_HOST", "localhost"),
            entry("HTTP_USER_AGENT", "test"),
            entry("HTTP_CONNECTION", "close"),
            entry("wsgi.version", List.of(1, 0)),
            entry("wsgi.url_scheme", "http"),
            entry("wsgi.multithread", true),
            entry("wsgi.multiprocess", false),
            entry("wsgi.run_once", false),
            entry("wsgi.input_terminated", true))
        .doesNotContainKeys(
            "CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_USER", "AUTH_TYPE", "HTTPS", "PATH");
    assertThat(Integer.parseInt((String) environ.get("REMOTE_PORT"))).isPositive();
    assertThat(environ.get("wsgi.input")).isInstanceOf(GatewayInput.class);
    assertThat(environ.get("wsgi.errors")).isInstanceOf(PrintWriter.class);
    assertThat(environ.get("wsgi.file_wrapper")).isInstanceOf(FileWrapper.class);
    assertThat(environ.get("gangway.client_disconnected")).isInstanceOf(BooleanSupplier.class);
    assertThat(environ.get("jakarta.servlet.request")).isInstanceOf(HttpServletRequest.class);
    assertThat(environ.get("jakarta.servlet.response")).isInstanceOf(HttpServletResponse.class);
    assertThat(environ.get("jakarta.servlet.context")).isInstanceOf(ServletContext.class);
  }

  @Test
  void hasTheSameValuesWhetherAskedOneByOneOrAllAtOnce() throws Exception {
    exchange(
        "POST /app/x?q=1 HTTP/1.1\r\nHost: [::1]:81\r\nX-A: 1\r\nx-a: 2\r\nCookie: a=1\r\n"
            + "Cookie: b=2\r\nContent-Type: a/b\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
        (environ, startResponse) -> {
          Map<String, Object> single = new java.util.HashMap<>();
          List<String> keys =
              List.of("REQUEST_METHOD", "PATH_INFO", "HTTP_X_A", "HTTP_COOKIE", "HTTP_HOST");
          keys.forEach(key -> single.put(key, environ.get(key)));
          single.put("CONTENT_LENGTH", environ.get("CONTENT_LENGTH"));
          Map<String, Object> all = new java.util.HashMap<>(environ);
          assertThat(all).containsAllEntriesOf(single);
          assertThat(single).doesNotContainValue(null);
          return answer("ok").call(environ, startResponse);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "X-y.z"})
  void passesAnyMethod(String method) throws Exception {
    assertThat(
            environOf(
                    method
                        + " /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .get("REQUEST_METHOD"))
        .isEqualTo(method);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/ |/",
        "/x |/x",
        "/x/ |/x/",
        "/app/ /app|/",
        "/app/x /app|/x",
        "/app/x/ /app|/x/",
        "/apple |/apple",
        "/app/in%20ner/x '/app/in ner|/x'",
        "/app/in%20ner '/app/in ner|'",
        "/app/in%20nerx '/app|/in nerx'",
        "/%61pp/x /app|/x",
        "/a%20b '|/a b'",
        "/a%2Fb |/a/b",
        "/app/a%2Fb /app|/a/b",
        "/app/a%25b /app|/a%b",
        "/app/a%252Fb /app|/a%2Fb",
        "/app/a+b /app|/a+b",
        "/app/%E4%BD%A0 /app|/ä½\u00a0",
        "/app/%FF /app|/ÿ",
        "/app/%C3%28 /app|/Ã(",
        "/app//x /app|//x",
        "/app/x//y/ /app|/x//y/",
        "//x |//x",
        "/app/x;a=b/y;c /app|/x;a=b/y;c",
        "/app/x;jsessionid=1 /app|/x;jsessionid=1",
        "/app;a=b/x /app|/x",
        "/app/x%3By /app|/x;y",
        "/app/x%3Fy /app|/x?y",
        "/app/./x /app|/x",
        "/app/y/../x /app|/x",
        "/app/y/%2e%2e/x /app|/x",
        "/app/y/%2E./x /app|/x",
        "/app/y/.. /app|/",
        "/app/../x |/x",
        "/x/../app/y /app|/y",
        "/app/.x/..y/... /app|/.x/..y/...",
        "/app/!$&'()*,:=@~ /app|/!$&'()*,:=@~"
      },
      quoteCharacter = '\'')
  void splitsThePath(String target, String path) throws Exception {
    assertThat(pathOf(target)).isEqualTo(server().refuses(target) ? "400" : path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../x",
        "/app/../../x",
        "/app/%2e%2e/%2e%2e/x",
        "/app/x%00y",
        "/app/%zz",
        "/app/%4",
        "/app/%",
        "/app/a/..%2Fb",
        "/app/a%2F..%2Fb",
        "/app/a%2f%2e%2e%2fb",
        "/app/..%5Cb",
        "/app//../x",
        "/app/x//./y"
      })
  void refusesWhatCouldBeReadInTwoWays(String target) throws Exception {
    assertThat(pathOf(target)).isEqualTo("400");
  }

  @Test
  void takesAnAbsoluteTarget() throws Exception {
    Map<String, Object> environ = environ("http://localhost/app/x%20?y");
    assertThat(environ).containsEntry("PATH_INFO", "/x ").containsEntry("QUERY_STRING", "y");
  }

  @Test
  void keepsTheQueryAsItWasSent() throws Exception {
    assertThat(environ("/x?a=%FF+%2F;b&&=c?d%zz"))
        .containsEntry("QUERY_STRING", "a=%FF+%2F;b&&=c?d%zz");
    assertThat(environ("/x")).containsEntry("QUERY_STRING", "");
    assertThat(environ("/x?")).containsEntry("QUERY_STRING", "");
  }

  @Test
  void keepsTheRawTarget() throws Exception {
    for (String target : List.of("/app/a%2Fb;c/%7e?x=%41", "/app/a%20b;c/%7e?x=%2F")) {
      Map<String, Object> environ = environ(target);
      if (server().refuses(target)) {
        assertThat(environ).isEmpty();
      } else {
        assertThat(environ).containsEntry("REQUEST_URI", target).containsEntry("RAW_URI", target);
      }
    }
  }

  @Test
  void joinsRepeatedHeadersInOrder() throws Exception {
    assertThat(
            environ("/", "X-A: 1", "Accept: b", "x-a: 2", "X-A: 3", "Cookie: a=1", "Cookie: b=2"))
        .containsEntry("HTTP_X_A", "1,2,3")
        .containsEntry("HTTP_COOKIE", "a=1; b=2");
  }

  @Test
  void dropsHeadersThatCouldPassForOthers() throws Exception {
    assertThat(environ("/", "X_Real: 1", "X-Ok: 2", "Proxy: http://evil"))
        .containsEntry("HTTP_X_OK", "2")
        .doesNotContainKeys("HTTP_X_REAL", "HTTP_PROXY");
  }

  @Test
  void readsHeadersAsLatin1() throws Exception {
    assertThat(environ("/", "X-A: \u00e9\u00ff", "X-B: \u00c3\u00a9"))
        .containsEntry("HTTP_X_A", "\u00e9\u00ff")
        .containsEntry("HTTP_X_B", "\u00c3\u00a9");
  }

  @Test
  void keepsAnEmptyHeader() throws Exception {
    assertThat(environ("/", "X-Empty:", "X-Blank:   ")).containsEntry("HTTP_X_EMPTY", "");
  }

  @Test
  void givesTypeAndLengthOfTheContentOnce() throws Exception {
    Map<String, Object> environ =
        environOf(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/x; charset=\"UTF-8\"; q=1\r\n"
                + "Content-Length: 3\r\nConnection: close\r\n\r\nabc");
    assertThat(environ)
        .containsEntry("CONTENT_TYPE", "text/x; charset=\"UTF-8\"; q=1")
        .containsEntry("CONTENT_LENGTH", "3")
        .doesNotContainKeys("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH");
  }

  @Test
  void givesALengthOfMoreThan32Bits() throws Exception {
    Map<String, Object> seen = new java.util.HashMap<>();
    serve(
        (environ, startResponse) -> {
          seen.put("CONTENT_LENGTH", environ.get("CONTENT_LENGTH"));
          return answer("seen").call(environ, startResponse);
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000000\r\nConnection: close\r\n\r\nabc");
      http.read();
    }
    assertThat(seen).containsEntry("CONTENT_LENGTH", "5000000000");
  }

  @Test
  void givesNoLengthForAChunkedBody() throws Exception {
    assertThat(
            environOf(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                    + "Connection: close\r\n\r\n1\r\na\r\n0\r\n\r\n"))
        .doesNotContainKey("CONTENT_LENGTH");
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, 80",
    "example.org:8080, example.org, 8080",
    "127.0.0.1:1, 127.0.0.1, 1",
    "[::1], [::1], 80",
    "[::1]:8443, [::1], 8443"
  })
  void takesServerNameAndPortFromTheHostHeader(String host, String name, String port)
      throws Exception {
    assertThat(environOf("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .containsEntry("SERVER_NAME", name)
        .containsEntry("SERVER_PORT", port)
        .containsEntry("HTTP_HOST", host);
  }

  @Test
  void servesHttp10WithoutAHost() throws Exception {
    Map<String, Object> environ = environOf("GET /x HTTP/1.0\r\n\r\n");
    assertThat(environ)
        .containsEntry("SERVER_PROTOCOL", "HTTP/1.0")
        .containsEntry("SERVER_PORT", Integer.toString(port()))
        .doesNotContainKey("HTTP_HOST");
    assertThat((String) environ.get("SERVER_NAME")).isNotEmpty();
  }
}
