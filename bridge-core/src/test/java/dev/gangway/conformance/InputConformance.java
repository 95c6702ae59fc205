package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code wsgi.input}. */
public abstract class InputConformance extends ConformanceTest {

  private static final String HEAD = "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

  private static GatewayApplication echo() {
    return (environ, startResponse) ->
        answer(text(environ.input().readAllBytes())).call(environ, startResponse);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void readsABodyOfKnownLengthToItsEnd() throws Exception {
    assertThat(exchange(HEAD + "Content-Length: 5\r\n\r\nhelloGARBAGE", echo()).text())
        .isEqualTo("hello");
  }

  @Test
  void readsAChunkedBodyToItsEnd() throws Exception {
    assertThat(
            exchange(
                    HEAD
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: z\r\n\r\n",
                    echo())
                .text())
        .isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 0\r\n"})
  void isAtItsEndWithoutABody(String field) throws Exception {
    assertThat(exchange(HEAD + field + "\r\n", echo()).text()).isEmpty();
  }

  @Test
  void readsLines() throws Exception {
    List<String> lines = new ArrayList<>();
    exchange(
        HEAD + "Content-Length: 16\r\n\r\none\ntwo\n\nfour\nx\n",
        (environ, startResponse) -> {
          lines.add(text(environ.input().readLine()));
          lines.add(text(environ.input().readLine(2)));
          environ.input().readLines(2).forEach(line -> lines.add(text(line)));
          environ.input().forEach(line -> lines.add(text(line)));
          assertThat(environ.input().readLine()).isNull();
          return answer("").call(environ, startResponse);
        });
    assertThat(lines).containsExactly("one\n", "tw", "o\n", "\n", "four\n", "x\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\nhello",
        "Content-Length: 10\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "Transfer-Encoding: chunked\r\n\r\na\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnot-hex\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\na=b"
      })
  void neverTakesABodyThatIsCutShortForComplete(String rest) throws Exception {
    CompletableFuture<String> outcome = new CompletableFuture<>();
    serve(
        (environ, startResponse) -> {
          try {
            outcome.complete("complete: " + text(environ.input().readAllBytes()));
          } catch (IOException e) {
            outcome.complete("failed");
            throw e;
          }
          return answer("complete").call(environ, startResponse);
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(HEAD + rest);
      http.finish();
      RawHttp.Response response = http.read();
      assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo("failed");
      assertThat(response.status()).isIn(0, 400);
    }
  }

  @Test
  void answersExpectContinueWhenTheApplicationReads() throws Exception {
    CompletableFuture<Void> called = new CompletableFuture<>();
    CompletableFuture<Void> read = new CompletableFuture<>();
    serve(
        (environ, startResponse) -> {
          called.complete(null);
          read.get(20, TimeUnit.SECONDS);
          return echo().call(environ, startResponse);
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(HEAD + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      called.get(20, TimeUnit.SECONDS);
      if (server().continuesAtOnce()) {
        assertThat(http.read().status()).isEqualTo(100);
        read.complete(null);
      } else {
        read.complete(null);
        assertThat(http.read().status()).isEqualTo(100);
      }
      http.send("hello");
      assertThat(http.read().text()).isEqualTo("hello");
    }
  }

  @Test
  void doesNotAnswerExpectContinueWhenTheApplicationDoesNotRead() throws Exception {
    serve(
        (environ, startResponse) -> {
          Environ all = environ;
          all.forEach((key, value) -> assertThat(value).isNotNull());
          return answer("no").call(environ, startResponse);
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(HEAD + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      if (server().continuesAtOnce()) {
        assertThat(http.read().status()).isEqualTo(100);
      }
      assertThat(http.read().status()).isEqualTo(200);
    }
  }

  @Test
  void answersAlthoughTheApplicationDoesNotReadTheBody() throws Exception {
    String body = "x".repeat(3_000_000);
    RawHttp.Response response =
        exchange(HEAD + "Content-Length: 1000\r\n\r\n" + body.substring(0, 1000), answer("unread"));
    assertThat(response.text()).isEqualTo("unread");
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(HEAD + "Content-Length: 3000000\r\n\r\n");
      assertThat(http.read().text()).isEqualTo("unread");
    }
  }
}
