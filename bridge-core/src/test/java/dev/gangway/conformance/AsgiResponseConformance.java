package dev.gangway.conformance;

import static dev.gangway.conformance.AsgiTalk.bytes;
import static dev.gangway.conformance.AsgiTalk.head;
import static dev.gangway.conformance.AsgiTalk.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.Header;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;
import dev.gangway.conformance.RawHttp.Response;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ASGI application sends: every event in every state. */
public abstract class AsgiResponseConformance extends AsgiConformanceTest {

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void givesALengthToAResponseOfOneEvent(String target) throws Exception {
    Response response =
        exchange(
            get(target),
            (scope, receive, send) ->
                send.send(head(201, "content-type: text/plain", "x-a: 1", "x-a: 2"))
                    .thenCompose(sent -> send.send(SendEvent.HttpResponseBody.last("hello"))));
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.text()).isEqualTo("hello");
    assertThat(response.header("Content-Length")).isEqualTo("5");
    assertThat(response.header("Content-Type")).isEqualTo("text/plain");
    assertThat(response.headers("x-a")).containsExactly("1", "2");
    assertThat(failure()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void sendsPartsUntilTheLast(String target) throws Exception {
    Response response =
        exchange(
            get(target),
            (scope, talk) -> {
              talk.start(200);
              talk.part("a");
              talk.part("");
              talk.send(new SendEvent.HttpResponseBody(direct("b"), true));
              talk.last("c");
            });
    assertThat(response.text()).isEqualTo("abc");
    assertThat(response.isComplete()).isTrue();
    assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(failure()).isNull();
  }

  private static ByteBuffer direct(String text) {
    return ByteBuffer.allocateDirect(text.length()).put(bytes(text)).flip();
  }

  @ParameterizedTest
  @CsvSource({"/, 0", "/, 1", "/, 300000", "/, 20000000", "/sync/, 0", "/sync/, 300000"})
  void sendsBodiesOfAnySize(String target, int size) throws Exception {
    byte[] body = new byte[size];
    java.util.Arrays.fill(body, (byte) 'x');
    Response response =
        exchange(
            get(target),
            (scope, talk) -> {
              talk.start(200);
              talk.send(part(body, false));
            });
    assertThat(response.text().length()).isEqualTo(size);
    assertThat(response.header("Content-Length")).isEqualTo(Integer.toString(size));
    assertThat(response.isComplete()).isTrue();
  }

  @Test
  void leavesTheBuffersPositionAlone() throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(bytes("0hello9"), 1, 5);
    Response response =
        exchange(
            get("/"),
            (scope, talk) -> {
              talk.start(200);
              talk.send(new SendEvent.HttpResponseBody(buffer, false));
            });
    assertThat(response.text()).isEqualTo("hello");
    assertThat(buffer.position()).isEqualTo(1);
  }

  @Test
  void theHeadLeavesWithTheFirstEventOfTheBodyAlsoWithoutAByte() throws Exception {
    CompletableFuture<Void> seen = new CompletableFuture<>();
    serve(
        (scope, talk) -> {
          talk.start(200, "x-a: b");
          talk.part("");
          seen.get(20, java.util.concurrent.TimeUnit.SECONDS);
          talk.last("late");
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(get("/"));
      http.peek();
      seen.complete(null);
      Response response = http.read();
      assertThat(response.header("x-a")).isEqualTo("b");
      assertThat(response.text()).isEqualTo("late");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void flushesEachEvent(String target) throws Exception {
    List<CompletableFuture<Void>> seen =
        List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
    serve(
        (scope, talk) -> {
          talk.start(200, "content-type: text/event-stream", "content-length: 3");
          for (CompletableFuture<Void> next : seen) {
            talk.part("x");
            next.get(20, java.util.concurrent.TimeUnit.SECONDS);
          }
          talk.last("");
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(get(target));
      int last = 0;
      while (last != '\n') {
        last = http.readByte();
        last = last == '\r' && http.readByte() == '\n' && http.readByte() == '\r' ? '\n' : 0;
      }
      assertThat(http.readByte()).isEqualTo('\n');
      for (CompletableFuture<Void> next : seen) {
        assertThat(http.readByte()).isEqualTo('x');
        next.complete(null);
      }
    }
    assertThat(failure()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, 200, /",
    "GET, 204, /",
    "GET, 304, /",
    "HEAD, 200, /sync/",
    "GET, 204, /sync/"
  })
  void sendsNoBodyWhereThereMustBeNone(String method, int status, String target) throws Exception {
    Response response =
        exchange(
            get(target).replace("GET", method),
            (scope, talk) -> {
              talk.start(status, "x-a: b");
              talk.part("a");
              talk.last("b");
            });
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("x-a")).isEqualTo("b");
    assertThat(response.text()).isEmpty();
    assertThat(failure()).isNull();
  }

  @Test
  void keepsTheLengthOfAResponseToHead() throws Exception {
    Response response =
        exchange(
            get("/").replace("GET", "HEAD"),
            (scope, talk) -> {
              talk.start(200, "content-length: 5");
              talk.last("hello");
            });
    assertThat(response.header("Content-Length")).isEqualTo("5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void cutsWhatIsLongerThanDeclared(String target) throws Exception {
    Response response =
        exchange(
            get(target),
            (scope, talk) -> {
              talk.start(200, "content-length: 3");
              talk.part("ab");
              talk.part("cd");
              talk.last("ef");
            });
    assertThat(response.text()).isEqualTo("abc");
    assertThat(response.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void breaksTheConnectionWhenThereIsLessThanDeclared(String target) throws Exception {
    Response response =
        exchange(
            get(target),
            (scope, talk) -> {
              talk.start(200, "content-length: 3");
              talk.part("a");
              talk.last("b");
            });
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.isComplete()).isFalse();
    assertThat(failure()).isInstanceOf(IllegalStateException.class).hasMessageContaining("1 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "body, http.response.start must come first",
    "trailers, http.response.start must come first",
    "start start, the body must follow",
    "start trailers, the body must follow",
    "start part start, http.response.body must follow",
    "start part pathsend, http.response.body must follow",
    "start last start, the response is complete",
    "start last last, the response is complete",
    "accept, http.response.start must come first"
  })
  void refusesEventsOutOfOrder(String events, String message) throws Exception {
    exchange(
        get("/"),
        (scope, talk) -> {
          for (String event : events.split(" ", -1)) {
            talk.send(
                switch (event) {
                  case "start" -> head(200);
                  case "part" -> part(bytes("a"), true);
                  case "trailers" -> new SendEvent.HttpResponseTrailers(List.of(), false);
                  case "pathsend" ->
                      new SendEvent.HttpResponsePathsend(Path.of("pom.xml").toAbsolutePath());
                  case "accept" -> new SendEvent.WebSocketAccept(null, List.of());
                  default -> part(bytes("b"), false);
                });
          }
        });
    assertThat(failure()).isInstanceOf(IllegalStateException.class).hasMessageContaining(message);
  }

  @Test
  void anEventOutOfOrderDoesNotEndTheResponse() throws Exception {
    Response response =
        exchange(
            get("/"),
            (scope, talk) -> {
              assertThatThrownBy(() -> talk.last("early"))
                  .isInstanceOf(IllegalStateException.class);
              talk.start(200);
              assertThatThrownBy(() -> talk.start(201)).isInstanceOf(IllegalStateException.class);
              talk.last("fine");
            });
    assertThat(failure()).isNull();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("fine");
  }

  @ParameterizedTest
  @CsvSource({
    "99, a, b",
    "1000, a, b",
    "200, 'a b', c",
    "200, a, 'b\u0001'",
    "200, a, '\u20ac'",
    "200, content-length, x",
    "200, upgrade, websocket",
    "200, connection, upgrade",
    "200, transfer-encoding, gzip"
  })
  void refusesAMalformedHead(int status, String name, String value) throws Exception {
    Response response =
        exchange(
            get("/"),
            (scope, talk) ->
                talk.send(
                    new SendEvent.HttpResponseStart(status, List.of(new Header(name, value)))));
    assertThat(response.status()).isEqualTo(500);
    assertThat(failure()).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void answers500WhenTheApplicationFailsBeforeTheHead(String target) throws Exception {
    for (String moment : List.of("call", "return", "before", "started", "nothing", "null")) {
      Response response =
          exchange(
              get(target),
              (scope, receive, send) -> {
                if (moment.equals("call")) {
                  throw new IllegalStateException("secret");
                }
                if (moment.equals("null")) {
                  return null;
                }
                if (moment.equals("started")) {
                  send.send(head(200, "x-a: b"));
                }
                return moment.equals("nothing")
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new IllegalStateException("secret"));
              });
      assertThat(response.status()).as(moment).isEqualTo(500);
      assertThat(response.text()).doesNotContain("secret");
      assertThat(response.header("x-a")).isNull();
      assertThat(response.isComplete()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP/1.1, true", "HTTP/1.1, false", "HTTP/1.0, false"})
  void breaksTheConnectionWhenTheApplicationEndsInMidResponse(String version, boolean fails)
      throws Exception {
    for (String target : List.of("/", "/sync/")) {
      Response response =
          exchange(
              "GET " + target + " " + version + "\r\nHost: a\r\n\r\n",
              (scope, talk) -> {
                talk.start(200);
                talk.part("half");
                if (fails) {
                  throw new IllegalStateException("late");
                }
              });
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.isComplete()).as(target).isFalse();
    }
  }

  @Test
  void aFailureAfterTheResponseChangesNothing() throws Exception {
    Response response =
        exchange(
            get("/"),
            (scope, talk) -> {
              talk.start(200);
              talk.last("done");
              throw new IllegalStateException("after");
            });
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("done");
    assertThat(response.isComplete()).isTrue();
  }

  @Test
  void keepsTheConnectionForManyRequests() throws Exception {
    serve(
        (scope, talk) -> {
          talk.start(200, "connection: keep-alive", "transfer-encoding: chunked");
          talk.part(scope.connection().path());
          talk.last("!");
        });
    try (RawHttp http = RawHttp.connect(port())) {
      for (int i = 0; i < 20; i++) {
        http.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(http.read().text()).isEqualTo("/" + i + "!");
      }
    }
  }

  @Test
  void closesTheConnectionIfTheApplicationWants() throws Exception {
    serve(
        (scope, talk) -> {
          talk.start(200, "Connection: close");
          talk.last("x");
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Response response = http.read();
      assertThat(response.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(http.readByte()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({"/, 0", "/, 1", "/, 300000", "/sync/, 0", "/sync/, 300000"})
  void sendsAFile(String target, int size, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "f".repeat(size));
    Response response =
        exchange(
            get(target),
            (scope, talk) -> {
              assertThat(scope.extensions()).contains("http.response.pathsend");
              talk.start(200, "content-type: a/b");
              talk.send(new SendEvent.HttpResponsePathsend(file));
            });
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).hasSize(size);
    assertThat(response.header("Content-Length")).isEqualTo(Integer.toString(size));
    assertThat(failure()).isNull();
  }

  @Test
  void answers500ForAFileThatIsMissingOrTooShort(@TempDir Path folder) throws Exception {
    Path shorter = Files.writeString(folder.resolve("file"), "f");
    for (Path file : List.of(folder.resolve("missing"), shorter, Path.of("pom.xml"))) {
      Response response =
          exchange(
              get("/"),
              (scope, talk) -> {
                talk.start(200, "content-length: 2");
                talk.send(new SendEvent.HttpResponsePathsend(file));
              });
      assertThat(response.status()).isEqualTo(500);
      assertThat(failure()).isNotNull();
    }
  }

  @Test
  void sendsTrailers() throws Exception {
    serve(
        (scope, talk) -> {
          assertThat(scope.extensions()).contains("http.response.trailers");
          talk.send(new SendEvent.HttpResponseStart(200, List.of(), true));
          talk.last("body");
          talk.send(new SendEvent.HttpResponseTrailers(List.of(new Header("x-first", "1")), true));
          talk.send(
              new SendEvent.HttpResponseTrailers(List.of(new Header("x-second", "2")), false));
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n\r\n");
      StringBuilder all = new StringBuilder();
      for (int next = http.readByte(); next >= 0; next = http.readByte()) {
        all.append((char) next);
      }
      assertThat(all.toString().toLowerCase(java.util.Locale.ROOT))
          .contains("\r\n4\r\nbody\r\n0\r\n")
          .endsWith("x-first: 1\r\nx-second: 2\r\n\r\n");
    }
    assertThat(failure()).isNull();
  }

  @Test
  void sendsEarlyHints() throws Exception {
    serve(
        (scope, talk) -> {
          assertThat(scope.extensions()).contains("http.response.early_hint");
          talk.send(new SendEvent.HttpResponseEarlyHint(List.of("</a>; rel=preload", "</b>")));
          talk.start(200, "link: </c>");
          assertThatThrownBy(() -> talk.send(new SendEvent.HttpResponseEarlyHint(List.of("a\nb"))))
              .isInstanceOf(IllegalArgumentException.class);
          talk.send(new SendEvent.HttpResponseEarlyHint(List.of("</d>")));
          talk.last("body");
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(get("/"));
      Response first = http.read();
      assertThat(first.status()).isEqualTo(103);
      assertThat(first.headers("Link")).containsExactly("</a>; rel=preload", "</b>");
      Response second = http.read();
      assertThat(second.status()).isEqualTo(103);
      assertThat(second.headers("Link")).containsExactly("</d>");
      Response last = http.read();
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.headers("Link")).containsExactly("</c>");
      assertThat(last.text()).isEqualTo("body");
    }
    assertThat(failure()).isNull();
  }

  @Test
  void offersNoTrailersWhereThereAreNone() throws Exception {
    for (String request : List.of("GET / HTTP/1.0\r\n\r\n", get("/sync/"))) {
      Response response =
          exchange(
              request,
              (scope, talk) -> {
                assertThat(scope.extensions()).doesNotContain("http.response.trailers");
                talk.send(new SendEvent.HttpResponseStart(200, List.of(), true));
              });
      assertThat(response.status()).isEqualTo(500);
      assertThat(failure()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void tellsTheDisconnectAgainAndAgainWhenTheResponseIsComplete() throws Exception {
    exchange(
        get("/"),
        (scope, talk) -> {
          assertThat(talk.receive()).isInstanceOf(ReceiveEvent.HttpRequest.class);
          CompletableFuture<ReceiveEvent> waiting = talk.ask();
          assertThat(waiting).isNotDone();
          talk.start(200);
          talk.last("x");
          assertThat(waiting.get()).isInstanceOf(ReceiveEvent.HttpDisconnect.class);
          assertThat(talk.receive()).isInstanceOf(ReceiveEvent.HttpDisconnect.class);
          assertThat(talk.receive()).isInstanceOf(ReceiveEvent.HttpDisconnect.class);
        });
    assertThat(failure()).isNull();
  }
}
