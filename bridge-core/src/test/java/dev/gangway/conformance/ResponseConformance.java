package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.conformance.RawHttp.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code start_response} and the body. */
public abstract class ResponseConformance extends ConformanceTest {

  private static final Header TEXT = new Header("Content-Type", "text/plain");

  private static GatewayApplication respond(String status, ResponseBody body, Header... headers) {
    return (environ, startResponse) -> {
      startResponse.start(status, List.of(headers));
      return body;
    };
  }

  private static Header header(String name, String value) {
    return new Header(name, value);
  }

  /** Two chunks, the second of which fails. */
  private static Iterable<byte[]> failing(String first, RuntimeException failure) {
    return () ->
        new Iterator<>() {
          private boolean asked;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public byte[] next() {
            if (asked) {
              throw failure;
            }
            asked = true;
            return Recorder.bytes(first);
          }
        };
  }

  @Test
  void sendsStatusHeadersAndBody() throws Exception {
    Response response =
        exchange(
            get("/"),
            respond("201 Made", ResponseBody.of("hello"), TEXT, header("X-Latin", "\u00e9\u00ff")));
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.header("Content-Type")).isEqualTo("text/plain");
    assertThat(response.header("X-Latin")).isEqualTo("\u00e9\u00ff");
    assertThat(response.text()).isEqualTo("hello");
    assertThat(response.isComplete()).isTrue();
  }

  @Test
  void givesALengthToAResponseOfOneChunk() throws Exception {
    assertThat(
            exchange(get("/"), respond("200 OK", Recorder.list("hello"))).header("Content-Length"))
        .isEqualTo("5");
    assertThat(exchange(get("/"), respond("200 OK", Recorder.list())).header("Content-Length"))
        .isEqualTo("0");
  }

  @Test
  void sendsAListAsAWhole() throws Exception {
    Recorder body = Recorder.list("one", "", "two", "three");
    Response response = exchange(get("/"), respond("200 OK", body));
    assertThat(response.text()).isEqualTo("onetwothree");
    body.assertClosedOnce();
  }

  @Test
  void flushesEachChunkBeforeItAsksForTheNext() throws Exception {
    CompletableFuture<Void> received = new CompletableFuture<>();
    Iterable<byte[]> chunks =
        () ->
            new Iterator<>() {
              private int asked;

              @Override
              public boolean hasNext() {
                return asked < 2;
              }

              @Override
              public byte[] next() {
                if (asked++ == 1) {
                  assertThat(received).succeedsWithin(20, TimeUnit.SECONDS);
                }
                return Recorder.bytes("abc");
              }
            };
    serve(respond("200 OK", Recorder.lazy(chunks)));
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(get("/").replace("1.1", "1.0"));
      StringBuilder seen = new StringBuilder();
      while (!seen.toString().endsWith("\r\n\r\nabc")) {
        int next = http.readByte();
        assertThat(next).as("after %s", seen).isNotNegative();
        seen.append((char) next);
      }
      received.complete(null);
      assertThat(http.readByte()).isEqualTo('a');
    }
  }

  @Test
  void sendsTheHeadWithTheFirstChunkThatIsNotEmpty() throws Exception {
    GatewayApplication application =
        (environ, startResponse) ->
            ResponseBody.lazy(
                () ->
                    new Iterator<>() {
                      private int asked;

                      @Override
                      public boolean hasNext() {
                        return asked < 3;
                      }

                      @Override
                      public byte[] next() {
                        try {
                          if (asked == 1) {
                            startResponse.start("202 First", List.of(header("X-A", "1")));
                            startResponse.start(
                                "203 Second", List.of(header("X-B", "2")), new IOException("why"));
                          }
                        } catch (Exception e) {
                          throw new IllegalStateException(e);
                        }
                        return asked++ < 2 ? new byte[0] : Recorder.bytes("body");
                      }
                    });
    Response response = exchange(get("/"), application);
    assertThat(response.status()).isEqualTo(203);
    assertThat(response.header("X-A")).isNull();
    assertThat(response.header("X-B")).isEqualTo("2");
    assertThat(response.text()).isEqualTo("body");
  }

  @Test
  void throwsTheFailureItIsGivenWhenTheHeadHasLeft() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    IOException failure = new IOException("the application's");
    Response response =
        exchange(
            get("/").replace("close", "keep-alive"),
            (environ, startResponse) -> {
              startResponse.start("200 OK", List.of(TEXT)).write(Recorder.bytes("partial"));
              try {
                startResponse.start("500 Oops", List.of(TEXT), failure);
              } catch (IOException e) {
                thrown.complete(e);
                throw e;
              }
              return ResponseBody.empty();
            });
    assertThat(thrown).isCompletedWithValue(failure);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.isComplete()).isFalse();
  }

  @Test
  void refusesASecondStart() throws Exception {
    Response response =
        exchange(
            get("/"),
            (environ, startResponse) -> {
              startResponse.start("200 OK", List.of(TEXT));
              assertThatThrownBy(() -> startResponse.start("201 OK", List.of(TEXT)))
                  .isInstanceOf(IllegalStateException.class);
              return ResponseBody.of("first");
            });
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("first");
  }

  @Test
  void writesBeforeTheBody() throws Exception {
    Response response =
        exchange(
            get("/"),
            (environ, startResponse) -> {
              var writer = startResponse.start("200 OK", List.of(TEXT));
              writer.write(Recorder.bytes("one "));
              writer.write(new byte[0]);
              writer.write(Recorder.bytes("two "));
              return ResponseBody.of("three");
            });
    assertThat(response.text()).isEqualTo("one two three");
    assertThat(response.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cutsWhatIsLongerThanDeclared(boolean lazy) throws Exception {
    Recorder body = lazy ? Recorder.lazy("hel", "lo", "!!") : Recorder.list("hel", "lo", "!!");
    Response response =
        exchange(
            get("/").replace("close", "keep-alive"),
            respond("200 OK", body, header("Content-Length", "4")));
    assertThat(response.text()).isEqualTo("hell");
    assertThat(response.isComplete()).isTrue();
    body.assertClosedOnce();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void breaksTheConnectionWhenThereIsLessThanDeclared(boolean lazy) throws Exception {
    Recorder body = lazy ? Recorder.lazy("hel", "lo") : Recorder.list("hel", "lo");
    Response response =
        exchange(
            get("/").replace("close", "keep-alive"),
            respond("200 OK", body, header("Content-Length", "8")));
    assertThat(response.isComplete()).isFalse();
    body.assertClosedOnce();
  }

  @ParameterizedTest
  @CsvSource({"1.1, true", "1.1, false", "1.0, true"})
  void breaksTheConnectionWhenTheApplicationFailsInMidResponse(String version, boolean declared)
      throws Exception {
    Recorder body = Recorder.lazy(failing("partial", new IllegalStateException("oops")));
    Header[] headers = declared ? new Header[] {header("Content-Length", "100")} : new Header[0];
    Response response =
        exchange("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n", respond("200 OK", body, headers));
    assertThat(response.isComplete()).isFalse();
    assertThat(response.text()).doesNotContain("oops");
    body.assertClosedOnce();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.1"})
  void resetsTheConnectionWhenOnlyItsEndWouldEndTheResponse(String version) throws Exception {
    Recorder body = Recorder.lazy(failing("partial", new IllegalStateException("oops")));
    Response response =
        exchange(
            "GET / HTTP/" + version + "\r\nHost: a\r\nConnection: close\r\n\r\n",
            respond("200 OK", body));
    assertThat(response.isComplete()).isFalse();
  }

  @Test
  void answers500WithoutATraceWhenTheApplicationFails() throws Exception {
    Response response =
        exchange(
            get("/"),
            (environ, startResponse) -> {
              startResponse.start("200 OK", List.of(TEXT, header("X-Mine", "1")));
              throw new IllegalStateException("secret");
            });
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.header("X-Mine")).isNull();
    assertThat(response.header("Content-Type")).startsWith("text/plain");
    assertThat(response.text()).isEqualTo("Internal Server Error\n");
    assertThat(response.isComplete()).isTrue();
  }

  @Test
  void answers500WhenTheBodyFailsBeforeItsFirstByte() throws Exception {
    Recorder body = Recorder.lazy(failing("", new IllegalStateException("oops")));
    Response response = exchange(get("/"), respond("200 OK", body));
    assertThat(response.status()).isEqualTo(500);
    body.assertClosedOnce();
  }

  @Test
  void answers500ToErrors() throws Exception {
    assertThat(
            exchange(
                    get("/"),
                    (environ, startResponse) -> {
                      throw new StackOverflowError();
                    })
                .status())
        .isEqualTo(500);
  }

  @Test
  void answers500WhenTheApplicationBreaksTheContract() throws Exception {
    assertThat(exchange(get("/"), (environ, startResponse) -> ResponseBody.of("x")).status())
        .isEqualTo(500);
    assertThat(exchange(get("/"), (environ, startResponse) -> ResponseBody.empty()).status())
        .isEqualTo(500);
    assertThat(exchange(get("/"), respond("200 OK", null)).status()).isEqualTo(500);
    assertThat(
            exchange(
                    get("/"),
                    respond(
                        "200 OK",
                        ResponseBody.lazy(java.util.Collections.singletonList((byte[]) null))))
                .status())
        .isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({
    "200, X, y",
    "200OK, X, y",
    "OK, X, y",
    "20 OK, X, y",
    "'200 O\r\nK', X, y",
    "'200 \u4F60', X, y",
    "200 OK, '', y",
    "200 OK, 'X Y', y",
    "200 OK, 'X:', y",
    "200 OK, X, 'a\nb'",
    "200 OK, X, 'a\r\nSet-Cookie: b'",
    "200 OK, X, \u4F60",
    "200 OK, Connection, close",
    "200 OK, transfer-encoding, chunked",
    "200 OK, Upgrade, x",
    "200 OK, Content-Length, -1",
    "200 OK, Content-Length, 99999999999999999999"
  })
  void refusesAMalformedHeadWhereTheApplicationGivesIt(String status, String name, String value)
      throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Response response =
        exchange(
            get("/"),
            (environ, startResponse) -> {
              try {
                startResponse.start(status, List.of(header(name, value)));
              } catch (IllegalArgumentException e) {
                thrown.complete(e);
                throw e;
              }
              return ResponseBody.empty();
            });
    assertThat(thrown).isCompleted();
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.headers("Set-Cookie")).isEmpty();
  }

  @Test
  void keepsRepeatedHeadersSeparateAndInOrder() throws Exception {
    Response response =
        exchange(
            get("/"),
            respond(
                "200 OK",
                ResponseBody.of("x"),
                header("Set-Cookie", "a=1; Path=/"),
                header("Set-Cookie", "b=2; HttpOnly"),
                header("set-cookie", "a=3"),
                header("Vary", "Cookie"),
                header("Vary", "Accept")));
    assertThat(response.headers("Set-Cookie"))
        .containsExactly("a=1; Path=/", "b=2; HttpOnly", "a=3");
    assertThat(response.headers("Vary")).containsExactly("Cookie", "Accept");
  }

  @Test
  void letsTheApplicationsDateAndServerWin() throws Exception {
    String date = "Sun, 06 Nov 1994 08:49:37 GMT";
    Response response =
        exchange(
            get("/"),
            respond(
                "200 OK", ResponseBody.of("x"), header("Date", date), header("Server", "mine")));
    assertThat(response.headers("Date")).containsExactly(date);
    assertThat(response.headers("Server")).containsExactly("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/html",
        "text/css",
        "application/json",
        "text/html; charset=utf-8",
        "text/html;charset=big5",
        "nonsense",
        "a/b;c=d"
      })
  void keepsTheContentType(String type) throws Exception {
    Response response =
        exchange(get("/"), respond("200 OK", ResponseBody.of("x"), header("Content-Type", type)));
    assertThat(response.headers("Content-Type")).hasSize(1);
    assertThat(response.header("Content-Type").replace(" ", "")).isEqualTo(type.replace(" ", ""));
  }

  @Test
  void addsNoContentType() throws Exception {
    assertThat(exchange(get("/"), respond("200 OK", ResponseBody.of("x"))).headers("Content-Type"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 204 No Content",
    "GET, 304 Not Modified",
    "HEAD, 200 OK",
    "HEAD, 404 Not Found"
  })
  void sendsNoBodyWhereThereMustBeNone(String method, String status) throws Exception {
    for (Recorder body :
        List.of(
            Recorder.list("hello"),
            Recorder.list("a", "b"),
            Recorder.list(),
            Recorder.lazy("a", "b"),
            Recorder.lazy(
                () -> java.util.stream.Stream.generate(() -> new byte[] {1}).iterator()))) {
      serve(respond(status, body, TEXT, header("ETag", "\"x\"")));
      try (RawHttp http = RawHttp.connect(port())) {
        String request = method + " / HTTP/1.1\r\nHost: a\r\n\r\n";
        http.send(request);
        Response response = method.equals("HEAD") ? http.readHead() : http.read();
        assertThat(response.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
        assertThat(response.header("ETag")).isEqualTo("\"x\"");
        serve(answer("next"));
        http.send(get("/"));
        assertThat(http.read().text()).isEqualTo("next");
      }
      body.assertClosedOnce();
    }
  }

  @Test
  void keepsTheLengthOfAResponseToHead() throws Exception {
    assertThat(
            exchange(
                    "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                    respond("200 OK", Recorder.list(), header("Content-Length", "5000000000")))
                .header("Content-Length"))
        .isEqualTo("5000000000");
    assertThat(
            exchange(
                    "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                    respond("200 OK", Recorder.list("hello")))
                .header("Content-Length"))
        .isEqualTo("5");
  }

  @Test
  void sendsA304WithALength() throws Exception {
    Response response =
        exchange(
            get("/"),
            respond("304 Not Modified", ResponseBody.empty(), header("Content-Length", "10")));
    assertThat(response.status()).isEqualTo(304);
    assertThat(response.isComplete()).isTrue();
  }

  @Test
  void closesTheBodyOnceWhenTheClientLeaves() throws Exception {
    CompletableFuture<BooleanSupplier> left = new CompletableFuture<>();
    byte[] chunk = new byte[64 * 1024];
    Recorder body = Recorder.lazy(() -> java.util.stream.Stream.generate(() -> chunk).iterator());
    serve(
        (environ, startResponse) -> {
          left.complete((BooleanSupplier) environ.get("gangway.client_disconnected"));
          startResponse.start("200 OK", List.of(TEXT));
          return body;
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(get("/"));
      assertThat(http.readByte()).isEqualTo('H');
      assertThat(left.get(20, TimeUnit.SECONDS).getAsBoolean()).isFalse();
      http.reset();
    }
    body.assertClosedOnce();
    assertThat(left.join().getAsBoolean()).isTrue();
  }

  @Test
  void endsTheResponseBeforeItClosesTheBody() throws Exception {
    CompletableFuture<Void> received = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    ResponseBody body =
        new ResponseBody() {
          @Override
          public int size() {
            return 1;
          }

          @Override
          public Iterator<byte[]> iterator() {
            return List.of(Recorder.bytes("hello")).iterator();
          }

          @Override
          public void close() {
            assertThat(received).succeedsWithin(20, TimeUnit.SECONDS);
            closed.complete(null);
          }
        };
    Response response = exchange(get("/"), respond("200 OK", body));
    assertThat(response.text()).isEqualTo("hello");
    received.complete(null);
    assertThat(closed).succeedsWithin(20, TimeUnit.SECONDS);
  }

  @Test
  void survivesAFailureOfClose() throws Exception {
    ResponseBody body =
        new ResponseBody() {
          @Override
          public Iterator<byte[]> iterator() {
            return List.of(Recorder.bytes("hello")).iterator();
          }

          @Override
          public void close() throws IOException {
            throw new UncheckedIOException(new IOException("close"));
          }
        };
    Response response = exchange(get("/"), respond("200 OK", body));
    assertThat(response.text()).isEqualTo("hello");
    assertThat(response.isComplete()).isTrue();
  }

  @Test
  void servesManyRequestsOverOneConnection() throws Exception {
    serve(
        (environ, startResponse) -> {
          StartResponse start = startResponse;
          start.start("200 OK", List.of(TEXT));
          return environ.pathInfo().equals("/lazy")
              ? Recorder.lazy("a", "b")
              : ResponseBody.of("ab");
        });
    try (RawHttp http = RawHttp.connect(port())) {
      for (int i = 0; i < 20; i++) {
        String path = i % 2 == 0 ? "/lazy" : "/list";
        http.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(http.read().text()).isEqualTo("ab");
      }
    }
  }
}
