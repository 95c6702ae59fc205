package dev.gangway.conformance;

import static dev.gangway.conformance.AsgiTalk.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.conformance.RawHttp.Response;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ASGI application receives: bodies, how they end, and clients that leave. */
public abstract class AsgiRequestConformance extends AsgiConformanceTest {

  private static final int CHUNK = 64 * 1024;

  /** What the connection's buffers may hold, and the container's and ours beside them. */
  private static final long BUFFERED = 12 * 1024 * 1024;

  private static final AsgiTalk.Script COUNT =
      (scope, talk) -> {
        byte[] body = talk.body();
        talk.start(200);
        talk.last(body.length + " " + (body.length == 0 ? "" : (char) body[body.length - 1]));
      };

  @ParameterizedTest
  @CsvSource({
    "/, 0",
    "/, 1",
    "/, 300000",
    "/, 20000000",
    "/sync/, 0",
    "/sync/, 1",
    "/sync/, 300000"
  })
  void receivesABodyWithALength(String target, int size) throws Exception {
    String body = size == 0 ? "" : "x".repeat(size - 1) + "y";
    Response response = exchange(post(target, "Content-Length: " + size) + body, COUNT);
    assertThat(response.text()).isEqualTo(size + (size == 0 ? " " : " y"));
  }

  @ParameterizedTest
  @CsvSource({"/, 0", "/, 1", "/, 300000", "/, 20000000", "/sync/, 0", "/sync/, 300000"})
  void receivesAChunkedBody(String target, int size) throws Exception {
    StringBuilder body = new StringBuilder();
    for (int left = size; left > 0; left -= Math.min(left, 10_000)) {
      int length = Math.min(left, 10_000);
      body.append(Integer.toHexString(length)).append("\r\n");
      body.append("z".repeat(length)).append("\r\n");
    }
    body.append("0\r\n\r\n");
    Response response = exchange(post(target, "Transfer-Encoding: chunked") + body, COUNT);
    assertThat(response.text()).isEqualTo(size + (size == 0 ? " " : " z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void receivesOneEmptyPartOfARequestWithoutABody(String target) throws Exception {
    exchange(
        get(target),
        (scope, talk) -> {
          ReceiveEvent.HttpRequest only = (ReceiveEvent.HttpRequest) talk.receive();
          assertThat(only.body().remaining()).isZero();
          assertThat(only.moreBody()).isFalse();
          talk.start(204);
          talk.last("");
        });
    assertThat(failure()).isNull();
  }

  @Test
  void tellsTheLastPartAsSuchIfTheLengthIsKnown() throws Exception {
    exchange(
        post("/", "Content-Length: 4") + "four",
        (scope, talk) -> {
          ReceiveEvent.HttpRequest only = (ReceiveEvent.HttpRequest) talk.receive();
          assertThat(only.body()).isEqualTo(ByteBuffer.wrap(AsgiTalk.bytes("four")));
          assertThat(only.moreBody()).isFalse();
          talk.start(204);
          talk.last("");
        });
    assertThat(failure()).isNull();
  }

  @Test
  void refusesASecondReceiveBesideAnother() throws Exception {
    exchange(
        get("/"),
        (scope, talk) -> {
          talk.receive();
          CompletableFuture<ReceiveEvent> first = talk.ask();
          assertThatThrownBy(talk::receive).isInstanceOf(IllegalStateException.class);
          talk.start(204);
          talk.last("");
          assertThat(first.get(20, TimeUnit.SECONDS))
              .isInstanceOf(ReceiveEvent.HttpDisconnect.class);
        });
    assertThat(failure()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sync/"})
  void answersExpectWhenTheApplicationReceives(String target) throws Exception {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    serve(
        (scope, talk) -> {
          ready.get(20, TimeUnit.SECONDS);
          COUNT.run(scope, talk);
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(post(target, "Content-Length: 3", "Expect: 100-continue"));
      ready.complete(null);
      assertThat(http.read().status()).isEqualTo(100);
      http.send("abc");
      assertThat(http.read().text()).isEqualTo("3 c");
    }
  }

  @Test
  void doesNotAskForABodyThatTheApplicationDoesNotWant() throws Exception {
    serve(
        (scope, talk) -> {
          talk.start(401);
          talk.last("no");
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(post("/", "Content-Length: 3", "Expect: 100-continue"));
      assertThat(http.read().status()).isEqualTo(401);
    }
  }

  @Test
  void readsNoMoreThanIsAskedFor() throws Exception {
    long size = 4 * BUFFERED;
    CompletableFuture<Void> ready = new CompletableFuture<>();
    AtomicLong received = new AtomicLong();
    serve(
        (scope, talk) -> {
          ReceiveEvent.HttpRequest part = (ReceiveEvent.HttpRequest) talk.receive();
          ready.get(60, TimeUnit.SECONDS);
          received.addAndGet(part.body().remaining());
          while (part.moreBody()) {
            part = (ReceiveEvent.HttpRequest) talk.receive();
            received.addAndGet(part.body().remaining());
          }
          talk.start(204);
          talk.last("");
        });
    AtomicLong sent = new AtomicLong();
    try (RawHttp http = RawHttp.connect(port())) {
      Thread sender =
          new Thread(
              () -> {
                try {
                  http.send(post("/", "Content-Length: " + size));
                  byte[] chunk = new byte[CHUNK];
                  while (sent.get() < size) {
                    http.send(chunk);
                    sent.addAndGet(CHUNK);
                  }
                } catch (IOException e) {
                  sent.set(-1);
                }
              });
      sender.start();
      assertThat(steady(sent)).isLessThan(BUFFERED);
      ready.complete(null);
      assertThat(http.read().status()).isEqualTo(204);
      sender.join();
    }
    assertThat(received).hasValue(size);
  }

  @Test
  void sendsNoMoreThanTheClientTakes() throws Exception {
    long size = 4 * BUFFERED;
    AtomicLong sent = new AtomicLong();
    serve(
        (scope, talk) -> {
          talk.start(200, "content-length: " + size);
          byte[] chunk = new byte[CHUNK];
          while (sent.get() < size) {
            talk.send(part(chunk, sent.get() + CHUNK < size));
            sent.addAndGet(CHUNK);
          }
        });
    try (RawHttp http = RawHttp.connect(port(), 4096)) {
      http.send(get("/"));
      assertThat(steady(sent)).isLessThan(BUFFERED);
      Response response = http.read();
      assertThat(response.text().length()).isEqualTo(size);
      assertThat(response.isComplete()).isTrue();
    }
    assertThat(failure()).isNull();
  }

  /** A number that has stopped growing. */
  private static long steady(AtomicLong number) {
    long[] last = {-1};
    return await()
        .pollInterval(300, TimeUnit.MILLISECONDS)
        .atMost(30, TimeUnit.SECONDS)
        .until(
            number::get,
            now -> {
              boolean same = now > 0 && now == last[0];
              last[0] = now;
              return same;
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked"})
  void aBodyThatIsCutShortIsADisconnect(String framing) throws Exception {
    CompletableFuture<ReceiveEvent> seen = new CompletableFuture<>();
    serve(
        (scope, talk) -> {
          ReceiveEvent event = talk.receive();
          while (event instanceof ReceiveEvent.HttpRequest part) {
            assertThat(part.moreBody()).isTrue();
            event = talk.receive();
          }
          seen.complete(event);
          assertThat(talk.receive()).isInstanceOf(ReceiveEvent.HttpDisconnect.class);
          talk.start(200);
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(post("/", framing) + "5\r\nab");
      http.finish();
      assertThat(http.read().status()).isIn(0, 400);
    }
    assertThat(seen.get(20, TimeUnit.SECONDS)).isInstanceOf(ReceiveEvent.HttpDisconnect.class);
    assertThat(failure()).isInstanceOf(ClientDisconnectedException.class);
  }

  @Test
  void tellsWhoeverSendsThatTheClientHasLeft() throws Exception {
    CompletableFuture<CompletableFuture<ReceiveEvent>> asked = new CompletableFuture<>();
    serve(
        (scope, talk) -> {
          talk.receive();
          asked.complete(talk.ask());
          talk.start(200);
          byte[] chunk = new byte[CHUNK];
          while (true) {
            talk.send(part(chunk, true));
          }
        });
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(get("/"));
      http.peek();
      http.reset();
    } catch (SocketException e) {
      // Some systems tell of a reset that one has sent.
    }
    assertThat(failure()).isInstanceOf(ClientDisconnectedException.class);
    assertThat(asked.get(20, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS))
        .isInstanceOf(ReceiveEvent.HttpDisconnect.class);
  }

  @Test
  void aSendThatWaitsFailsWhenTheClientLeaves() throws Exception {
    AtomicLong sent = new AtomicLong();
    serve(
        (scope, talk) -> {
          talk.start(200);
          byte[] chunk = new byte[CHUNK];
          while (true) {
            talk.send(part(chunk, true));
            sent.addAndGet(CHUNK);
          }
        });
    try (RawHttp http = RawHttp.connect(port(), 4096)) {
      http.send(get("/"));
      steady(sent);
      http.reset();
    }
    assertThat(failure()).isInstanceOf(ClientDisconnectedException.class);
  }
}
