package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The environ that a Python application sees. */
public abstract class PythonEnvironConformance extends PythonTest {

  @Override
  PythonMount mount() {
    return PythonMount.of("environ_lines")
        .with(PythonSetting.WORKERS, "2")
        .with(PythonSetting.THREADS, "2")
        .at("/", "/app");
  }

  /** Whether the container answers a target with 400, before an application could see it. */
  protected boolean refuses(String target) {
    return false;
  }

  @Test
  void describesASimpleRequest() throws Exception {
    Map<String, String> environ = environ(get("/some/path?a=b&c", "User-Agent: test"));
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
            entry("wsgi.version", "(1, 0)"),
            entry("wsgi.url_scheme", "http"),
            entry("wsgi.multithread", "True"),
            entry("wsgi.multiprocess", "True"),
            entry("wsgi.run_once", "False"),
            entry("wsgi.input_terminated", "True"))
        .containsKeys("wsgi.input", "wsgi.errors", "wsgi.file_wrapper", "REMOTE_PORT")
        .containsKey("gangway.client_disconnected")
        .doesNotContainKeys("CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_USER", "HTTPS", "PATH")
        .doesNotContainKey("jakarta.servlet.request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "X-y.z"})
  void passesAnyMethod(String method) throws Exception {
    assertThat(environ(send(method, "/x", "Content-Length: 0")))
        .containsEntry("REQUEST_METHOD", method);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/ |/",
        "/x/ |/x/",
        "/app/ /app|/",
        "/app /app|",
        "/app/x /app|/x",
        "/apple |/apple",
        "/a%20b '|/a b'",
        "/app/a%2Fb /app|/a/b",
        "/app/a%25b /app|/a%b",
        "/app/%E4%BD%A0 /app|/ä½\u00a0",
        "/app/%FF /app|/ÿ",
        "/app/%C3%28 /app|/Ã(",
        "/app//x /app|//x",
        "//x |//x",
        "/app/x;a=b/y;c /app|/x;a=b/y;c",
        "/app/x%0Ay '/app|/x\ny'",
        "/app/y/../x /app|/x",
        "/app/y/%2e%2e/x /app|/x"
      },
      quoteCharacter = '\'')
  void splitsThePath(String target, String path) throws Exception {
    RawHttp.Response response = get(target);
    if (refuses(target)) {
      assertThat(response.status()).isEqualTo(400);
      return;
    }
    assertThat(response.status()).isEqualTo(200);
    String script = path.substring(0, path.indexOf('|'));
    String info = path.substring(path.indexOf('|') + 1);
    assertThat("\n" + response.text() + "\n")
        .contains("\nSCRIPT_NAME=" + script + "\n")
        .contains("\nPATH_INFO=" + info + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/../x", "/app/%2e%2e/%2e%2e/x", "/app/x%00y", "/app/%zz", "/app/a%2f..%2fb"})
  void refusesWhatLeavesTheMountOrCouldBeReadInTwoWays(String target) throws Exception {
    assertThat(get(target).status()).isEqualTo(400);
  }

  @Test
  void joinsRepeatedHeadersAndDropsThoseThatCouldPassForOthers() throws Exception {
    assertThat(
            environ(
                get(
                    "/",
                    "X-A: 1",
                    "x-a: 2",
                    "Cookie: a=1",
                    "Cookie: b=2",
                    "X_Real: 1",
                    "Proxy: evil",
                    "X-Empty:",
                    "X-Latin: \u00e9\u00ff")))
        .contains(
            entry("HTTP_X_A", "1,2"),
            entry("HTTP_COOKIE", "a=1; b=2"),
            entry("HTTP_X_EMPTY", ""),
            entry("HTTP_X_LATIN", "\u00e9\u00ff"))
        .doesNotContainKeys("HTTP_X_REAL", "HTTP_PROXY");
  }

  @Test
  void givesTypeAndLengthOfTheContentOnce() throws Exception {
    assertThat(environ(post("/", "abc", "Content-Type: text/x; charset=\"UTF-8\"; q=1")))
        .containsEntry("CONTENT_TYPE", "text/x; charset=\"UTF-8\"; q=1")
        .containsEntry("CONTENT_LENGTH", "3")
        .doesNotContainKeys("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH");
  }

  @Test
  void givesNoLengthForAChunkedBody() throws Exception {
    assertThat(
            environ(
                RawHttp.exchange(
                    port(),
                    head("POST", "/", "Transfer-Encoding: chunked", "Connection: close")
                        + "\r\n1\r\na\r\n0\r\n\r\n")))
        .doesNotContainKey("CONTENT_LENGTH");
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, 80",
    "example.org:8080, example.org, 8080",
    "[::1], [::1], 80",
    "[::1]:8443, [::1], 8443"
  })
  void takesServerNameAndPortFromTheHostHeader(String host, String name, String port)
      throws Exception {
    assertThat(
            environ(
                RawHttp.exchange(
                    port(), "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")))
        .containsEntry("SERVER_NAME", name)
        .containsEntry("SERVER_PORT", port)
        .containsEntry("HTTP_HOST", host);
  }

  @Test
  void servesHttp10WithoutAHost() throws Exception {
    assertThat(environ(RawHttp.exchange(port(), "GET /x HTTP/1.0\r\n\r\n")))
        .containsEntry("SERVER_PROTOCOL", "HTTP/1.0")
        .containsEntry("SERVER_PORT", Integer.toString(port()))
        .doesNotContainKey("HTTP_HOST");
  }
}
