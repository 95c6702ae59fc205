package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.conformance.RawHttp;
import dev.gangway.server.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code start_response}, the body and {@code close()}. */
public abstract class PythonResponseConformance extends PythonTest {

  /** Responses that are broken off in a row; a race shows in some of them only. */
  private static final int BROKEN = 30;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"/gated", "/gated_write"})
  void aChunkArrivesBeforeTheNextIsMade(String target) throws Exception {
    Path gate = folder.resolve("gate");
    try (RawClient client = client()) {
      client.send(head("GET", target + "?" + gate, "Connection: close") + "\r\n");
      assertThat(client.readUntil("first")).doesNotContain("second");
      Files.createFile(gate);
      assertThat(client.readToEnd()).contains("second");
    }
  }

  @Test
  void writesComeBeforeTheBody() throws Exception {
    assertThat(get("/writes").text()).isEqualTo("one two three");
  }

  @Test
  void aListGoesOutAsAWholeWithItsLength() throws Exception {
    RawHttp.Response response = get("/many_chunks");
    assertThat(response.text()).hasSize(10_000);
    assertThat(response.headers("Content-Length")).containsExactly("10000");
    assertThat(response.headers("Transfer-Encoding")).isEmpty();
    assertThat(get("/nothing").headers("Content-Length")).containsExactly("0");
  }

  @Test
  void aLazyBodyIsChunkedUnlessItsLengthIsDeclared() throws Exception {
    assertThat(get("/stream?100").headers("Transfer-Encoding")).containsExactly("chunked");
    assertThat(get("/empty_chunks").text()).isEqualTo("ab");
    RawHttp.Response declared = get("/declared");
    assertThat(declared.text()).isEqualTo("onetwosix");
    assertThat(declared.headers("Content-Length")).containsExactly("9");
    assertThat(declared.headers("Transfer-Encoding")).isEmpty();
    RawHttp.Response old = RawHttp.exchange(port(), "GET /stream?2 HTTP/1.0\r\n\r\n");
    assertThat(old.text()).isEqualTo("chunk 0\nchunk 1\n");
    assertThat(old.headers("Transfer-Encoding")).isEmpty();
    assertThat(old.ending()).isEqualTo(RawHttp.Ending.CLOSED);
  }

  @Test
  void chunksOfAnySizeArriveInOrder() throws Exception {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      expected.append((i + ",").repeat(i % 500 == 499 ? 30_000 : i % 97));
    }
    assertThat(get("/uneven_chunks").text()).isEqualTo(expected.toString());
  }

  @Test
  void startResponseMayBeCalledByTheBody() throws Exception {
    RawHttp.Response response = get("/late_start");
    assertThat(response.status()).isEqualTo(202);
    assertThat(response.text()).isEqualTo("late");
  }

  @Test
  void whatIsLongerThanItsLengthIsCutAndLogged() throws Exception {
    try (ServerLog log = log("gangway.worker")) {
      assertThat(get("/long").text()).isEqualTo("long");
      log.await("longer than its Content-Length");
      assertThat(get("/endless_declared").text()).isEqualTo("1231231");
      awaitCloses("endless_declared", 1);
      assertThat(log.messages()).hasSizeLessThan(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/short", "/raises_later"})
  void aFailureInMidResponseNeverLooksComplete(String target) throws Exception {
    RawHttp.Response response = get(target);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.isComplete()).isFalse();
    for (int i = 0; i < BROKEN; i++) {
      try (RawHttp http = RawHttp.connect(port())) {
        http.send(head("GET", target) + "\r\n");
        response = http.read();
        assertThat(response.isComplete()).as(response.toString()).isFalse();
        assertThat(http.readByte()).isNegative();
      }
    }
  }

  @Test
  void aSecondStartAfterTheHeadRaisesAndBreaksTheResponse() throws Exception {
    RawHttp.Response response = get("/restarts_too_late");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("first");
    assertThat(response.isComplete()).isFalse();
  }

  @Test
  void aHeadCanBeReplacedBeforeItIsOut() throws Exception {
    RawHttp.Response response = get("/replaced_head");
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.text()).isEqualTo("replaced");
    assertThat(get("/bad_restart").text()).contains("is not a header name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"200+OK", "201+Created", "299+Own", "404+Not+Found", "418+Tea", "599+X"})
  void passesAnyStatus(String line) throws Exception {
    RawHttp.Response response = get("/status?" + line);
    assertThat(response.status()).isEqualTo(Integer.parseInt(line.substring(0, 3)));
    assertThat(response.text()).isEqualTo("body");
    assertThat(response.headers("Content-Type")).containsExactly("text/plain");
  }

  @Test
  void headAndBodilessStatusesSendNoBody() throws Exception {
    try (RawHttp http = RawHttp.connect(port())) {
      for (String target :
          new String[] {
            "/hello", "/stream?3", "/large?500000", "/nothing", "/writes", "/declared", "/gated_not"
          }) {
        http.send(head("HEAD", target) + "\r\n");
        assertThat(http.readHead().status()).isIn(200, 404);
      }
      for (String target :
          new String[] {
            "/status?204+No+Content",
            "/status?304+Not+Modified",
            "/wrong_body?204+No+Content",
            "/wrong_body?304+Not+Modified",
            "/not_modified"
          }) {
        http.send(head("GET", target) + "\r\n");
        assertThat(http.read().status()).isIn(204, 304);
      }
      http.send(head("GET", "/status?200+OK") + "\r\n");
      assertThat(http.read().text()).isEqualTo("body");
    }
  }

  @Test
  void headHasTheHeadersOfGet() throws Exception {
    String length = get("/many_chunks").header("Content-Length");
    assertThat(send("HEAD", "/many_chunks").headers("Content-Length")).containsExactly(length);
    assertThat(send("HEAD", "/declared").headers("Content-Length")).containsExactly("9");
    assertThat(send("HEAD", "/stream?3").headers("Content-Length")).isEmpty();
    assertThat(send("HEAD", "/memory_file").headers("Content-Length")).isEmpty();
    assertThat(get("/status?204+No+Content").headers("Content-Length")).isEmpty();
    assertThat(get("/not_modified").headers("ETag")).containsExactly("\"e\"");
  }

  @Test
  void repeatedHeadersStaySeparateAndInOrder() throws Exception {
    assertThat(get("/cookies").headers("Set-Cookie"))
        .containsExactly("b=2; Path=/", "a=1", "c=0", "c=1", "c=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/html;charset=UTF-8",
        "text/html; charset=utf-8",
        "text/html;  Charset=\"utf-8\" ; x=y",
        "application/json",
        "text/css",
        "text/plain; charset=iso-8859-1",
        "text/plain; charset=unknown",
        "multipart/x; boundary=\"a b\"",
        "TEXT/PLAIN",
        "nonsense"
      })
  void theContentTypeIsSentAsItWasWritten(String type) throws Exception {
    String query = java.net.URLEncoder.encode(type, java.nio.charset.StandardCharsets.UTF_8);
    assertThat(get("/content_type?" + query.replace("+", "%20")).headers("Content-Type"))
        .containsExactly(type);
  }

  @Test
  void noContentTypeIsMadeUp() throws Exception {
    assertThat(get("/content_type?").headers("Content-Type")).isEmpty();
  }

  @Test
  void headersAreSentAsLatin1() throws Exception {
    RawHttp.Response response = get("/latin1_header");
    assertThat(response.headers("X-Latin")).containsExactly("caf\u00e9 \u00ff");
    assertThat(response.headers("X-Empty")).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "raises", "empty", "endless", "unstarted", "startraises"})
  void closeIsCalledOnce(String mode) throws Exception {
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(head("GET", "/closing?" + mode + "-" + mode) + "\r\n");
      if (mode.equals("endless")) {
        http.readByte();
        http.reset();
      } else {
        http.read();
      }
    }
    awaitCloses(mode, 1);
    assertThat(closes(mode)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "endless"})
  void closeIsCalledOnceAfterHead(String mode) throws Exception {
    assertThat(send("HEAD", "/closing?" + mode + "-head" + mode).status()).isEqualTo(200);
    awaitCloses("head" + mode, 1);
    assertThat(closes("head" + mode)).isEqualTo(1);
  }

  @Test
  void writingAfterTheEndIsRefused() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(get("/writes_after_the_end").text()).isEqualTo("whole");
    }
    assertThat(closes("late-write")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_000, 65_400, 65_536, 1_000_000, 5_000_000})
  void largeResponsesArriveWhole(int size) throws Exception {
    RawHttp.Response response = get("/large?" + size);
    assertThat(response.text()).hasSize(size);
    assertThat(response.headers("Content-Length")).containsExactly(Integer.toString(size));
  }

  @Test
  void filesAreSent() throws Exception {
    Path file = Files.write(folder.resolve("file.bin"), new byte[300_000]);
    RawHttp.Response whole = get("/file?" + file);
    assertThat(whole.text()).hasSize(300_000);
    assertThat(whole.headers("Content-Length")).containsExactly("300000");
    assertThat(get("/seeked_file?" + file).text()).hasSize(299_000);
    assertThat(get("/limited_file?" + file).text()).hasSize(20_000);
    assertThat(get("/temporary_file").text()).hasSize(100_000);
    assertThat(get("/memory_file").text()).hasSize(50_000);
    assertThat(get("/closed_file?" + file).text()).hasSize(300_000);
    assertThat(closes("file")).isEqualTo(1);
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(head("HEAD", "/file?" + file) + "\r\n");
      assertThat(http.readHead().status()).isEqualTo(200);
      http.send(head("GET", "/file?" + file) + "\r\n");
      assertThat(http.read().text()).hasSize(300_000);
    }
  }

  @Test
  void aFileWhoseNameIsNotAsciiIsSent() throws Exception {
    String name = folder + "/f%C3%A9%20%E4%BD%A0.bin";
    assertThat(get("/file_by_escaped_name?" + name).text()).hasSize(200_000);
  }
}
