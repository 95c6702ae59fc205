package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code wsgi.input}, received first or, where a class says so, streamed. */
public abstract class PythonInputConformance extends PythonTest {

  static final String CLOSE = "Connection: close";

  /** Whether the application runs while the body arrives. */
  boolean streams() {
    return false;
  }

  @Override
  PythonMount mount() {
    return super.mount()
        .with(PythonSetting.REQUEST_BUFFERING, streams() ? "off" : "on")
        .behind(AsksForAParameter.class);
  }

  @Test
  void readsABodyOfKnownLengthToItsEnd() throws Exception {
    assertThat(
            RawHttp.exchange(
                    port(), head("POST", "/echo", CLOSE, "Content-Length: 5") + "\r\nhelloGARBAGE")
                .text())
        .isEqualTo("hello");
  }

  @Test
  void readsAChunkedBodyToItsEnd() throws Exception {
    String head = head("POST", "/echo", CLOSE, "Transfer-Encoding: chunked");
    assertThat(
            RawHttp.exchange(
                    port(), head + "\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: z\r\n\r\n")
                .text())
        .isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n"})
  void isAtItsEndWithoutABody(String field) throws Exception {
    String rest = field.startsWith("T") ? "\r\n0\r\n\r\n" : "\r\n";
    RawHttp.Response response =
        RawHttp.exchange(port(), head("POST", "/echo", CLOSE) + field + rest);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEmpty();
  }

  @Test
  void readsLines() throws Exception {
    assertThat(post("/lines", "first\nsecond\nthird\nfourth").text())
        .isEqualTo("[b'first\\n', b'sec', b'ond\\n', b'third\\n', b'fourth']");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30_000, 65_000, 70_000, 1_000_000, 5_000_000})
  void readsBodiesOfEverySize(int size) throws Exception {
    String body = "0123456789".repeat(size / 10 + 1).substring(0, size);
    RawHttp.Response response = post("/echo_in_parts", body);
    assertThat(response.text().equals(body)).isTrue();
  }

  @Test
  void readsALargeChunkedBody() throws Exception {
    String part = "x".repeat(10_000);
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(head("POST", "/echo_in_parts", CLOSE, "Transfer-Encoding: chunked") + "\r\n");
      for (int i = 0; i < 300; i++) {
        http.send("2710\r\n" + part + "\r\n");
      }
      http.send("0\r\n\r\n");
      assertThat(http.read().text()).hasSize(3_000_000);
    }
  }

  @Test
  void readsAFormAlsoAfterAFilterAskedForAParameter() throws Exception {
    String type = "Content-Type: application/x-www-form-urlencoded";
    assertThat(post("/echo?q=1", "a=b+c&d=%C3%A9&a=2", type).text())
        .isEqualTo("a=b+c&d=%C3%A9&a=2");
    assertThat(post("/echo?q=1", "a=b+c&d=%C3%A9", type, "X-Ask: 1").text())
        .isEqualTo("a=b+c&d=%C3%A9");
    assertThat(environ(post("/environ_lines", "a=b+c", type, "X-Ask: 1")))
        .containsEntry("CONTENT_LENGTH", "5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\nhello",
        "Content-Length: 100000\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "Transfer-Encoding: chunked\r\n\r\na\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnot-hex\r\n"
      })
  void neverTakesABodyThatIsCutShortForComplete(String rest) throws Exception {
    try (ServerLog log = log("python.stderr");
        RawHttp http = RawHttp.connect(port())) {
      http.send(head("POST", "/read_outcome", CLOSE) + rest);
      http.finish();
      assertThat(http.read().status()).isIn(0, 400);
      if (streams()) {
        log.await("reading failed");
      }
      assertThat(get("/hello").status()).isEqualTo(200);
      assertThat(log.messages()).noneMatch(message -> message.startsWith("read "));
    }
  }

  @Test
  void answersExpectContinue() throws Exception {
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(head("POST", "/echo", CLOSE, "Content-Length: 5", "Expect: 100-continue") + "\r\n");
      assertThat(http.read().status()).isEqualTo(100);
      http.send("hello");
      assertThat(http.read().text()).isEqualTo("hello");
    }
  }

  @Test
  void answersAlthoughTheApplicationDoesNotReadTheBody() throws Exception {
    assertThat(post("/ignores_input", "x".repeat(1000)).text()).isEqualTo("not read");
    assertThat(post("/ignores_input", "x".repeat(200_000)).text()).isEqualTo("not read");
    assertThat(get("/hello").status()).isEqualTo(200);
  }

  @Test
  void requestsOnOneConnectionDoNotMixTheirBodies() throws Exception {
    try (RawHttp http = RawHttp.connect(port())) {
      for (int i = 0; i < 20; i++) {
        String body = Integer.toString(i).repeat(1 + 997 * i);
        String target = i % 3 == 0 ? "/ignores_input" : "/echo_in_parts";
        http.send(head("POST", target, "Content-Length: " + body.length()) + "\r\n" + body);
        assertThat(http.read().text()).isEqualTo(i % 3 == 0 ? "not read" : body);
      }
    }
  }
}
