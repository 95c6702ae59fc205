package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.conformance.RawHttp;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that an application answers with, and the container sends without a thread that waits. */
public abstract class FileTests {

  /** More than a connection takes by itself. */
  private static final int LARGE = 8_000_000;

  private static final String ANSWERING = "answering";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();
  private final Set<String> writers = ConcurrentHashMap.newKeySet();

  @TempDir Path folder;
  private String content = "";
  private Path file = Path.of("");

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  /** A builder of the container under test, which compresses text. */
  protected abstract GatewayBuilder<?> compressing();

  @BeforeEach
  void write() throws Exception {
    StringBuilder text = new StringBuilder(LARGE);
    for (int i = 0; text.length() < LARGE; i++) {
      text.append(i).append('\n');
    }
    content = text.substring(0, LARGE);
    file = Files.writeString(folder.resolve("file"), content);
  }

  /** Answers with as many bytes of the file as the query says. */
  private final class Sender implements ExchangeApplication {

    @Override
    public void handle(Exchange exchange) {
      long count = Long.parseLong(exchange.environ().queryString());
      List<Header> headers =
          List.of(
              new Header("Content-Type", "text/plain"),
              new Header("Content-Length", Long.toString(count)));
      Thread answering =
          new Thread(
              () -> {
                exchange.start(200, "OK", headers);
                exchange.complete(file, 0, count, problem -> written());
              },
              ANSWERING);
      answering.start();
    }

    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) {
      throw new AssertionError("a thread waits for it");
    }
  }

  private void written() {
    writers.add(Thread.currentThread().getName());
    closed.incrementAndGet();
  }

  private Gateway start(GatewayBuilder<?> builder) throws Exception {
    return builder
        .bind("127.0.0.1:0")
        .accessLog(AccessLog.of("%(s)s %(B)s", lines::add))
        .mount("/file", new Sender())
        .start();
  }

  private static String get(int count, String... fields) {
    String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    return "GET /file?" + count + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
  }

  @Test
  void aClientThatReadsSlowlyGetsEveryByte() throws Exception {
    try (Gateway gateway = start(builder());
        RawHttp http = RawHttp.connect(gateway.uris().get(0).getPort(), 4096)) {
      for (int count : new int[] {LARGE, 70_000, LARGE}) {
        http.send(get(count));
        // Until it reads, the connection is full, and what is behind waits in the server.
        isBegin(http.read(), count);
      }
      await().untilAsserted(() -> assertThat(closed).hasValue(3));
    }
    assertThat(lines).containsExactly("200 " + LARGE, "200 70000", "200 " + LARGE);
  }

  @Test
  void manyClientsAtOnceGetEveryByte() throws Exception {
    try (Gateway gateway = start(builder())) {
      int port = gateway.uris().get(0).getPort();
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        int number = i;
        clients.add(CompletableFuture.runAsync(() -> readTwo(port, number)));
      }
      for (CompletableFuture<Void> client : clients) {
        client.get(60, TimeUnit.SECONDS);
      }
    }
  }

  private void readTwo(int port, int number) {
    try (RawHttp http = RawHttp.connect(port)) {
      http.send(get(LARGE - number) + get(100_000 * number));
      isBegin(http.read(), LARGE - number);
      isBegin(http.read(), 100_000 * number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without showing millions of characters if not. */
  private void isBegin(RawHttp.Response response, int count) {
    assertThat(response.header("Content-Length")).isEqualTo(Integer.toString(count));
    assertThat(response.text()).hasSize(count);
    assertThat(content.startsWith(response.text())).isTrue();
  }

  @Test
  void aLargeFileIsNotWrittenByTheThreadThatAnswers() throws Exception {
    try (Gateway gateway = start(builder())) {
      // Those that do not wait for the client to read are written at once.
      for (int i = 0; i < 20; i++) {
        String request = get(1_100_000, "Connection: close");
        isBegin(RawHttp.exchange(gateway.uris().get(0).getPort(), request), 1_100_000);
      }
      await().untilAsserted(() -> assertThat(closed).hasValue(20));
      assertThat(writers).doesNotContain(ANSWERING);
    }
  }

  @Test
  void aFileThatIsTooShortBreaksTheConnection() throws Exception {
    try (Gateway gateway = start(builder())) {
      int port = gateway.uris().get(0).getPort();
      assertThat(RawHttp.exchange(port, get(LARGE + 1)).isComplete()).isFalse();
      await().untilAsserted(() -> assertThat(closed).hasValue(1));
    }
  }

  @Test
  void aFileIsCompressedWhereTheContainerCompresses() throws Exception {
    try (Gateway gateway = start(compressing())) {
      int port = gateway.uris().get(0).getPort();
      RawHttp.Response response =
          RawHttp.exchange(port, get(LARGE, "Accept-Encoding: gzip", "Connection: close"));
      assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
      byte[] body = response.text().getBytes(StandardCharsets.ISO_8859_1);
      String unpacked =
          new String(
              new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(),
              StandardCharsets.ISO_8859_1);
      assertThat(unpacked.equals(content)).isTrue();
    }
  }
}
