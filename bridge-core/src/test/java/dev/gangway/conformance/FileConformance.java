package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.FileBody;
import dev.gangway.FileWrapper;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.conformance.RawHttp.Response;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as bodies ({@code wsgi.file_wrapper}). */
public abstract class FileConformance extends ConformanceTest {

  private static final int SIZE = 1_000_000;

  @TempDir Path folder;

  private Path file;
  private String content;

  @BeforeEach
  void write() throws IOException {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    content = new String(bytes, StandardCharsets.ISO_8859_1);
    file = Files.write(folder.resolve("file \u00e9"), bytes);
  }

  private static GatewayApplication respond(ResponseBody body, Header... headers) {
    return (environ, startResponse) -> {
      startResponse.start("200 OK", List.of(headers));
      return body;
    };
  }

  @ParameterizedTest
  @CsvSource({"0, 1000000", "0, 0", "0, 100", "10, 100", "999999, 1", "1, 999999", "7, 500000"})
  void sendsAPartOfAFile(int offset, int count) throws Exception {
    for (boolean opened : new boolean[] {false, true}) {
      AtomicInteger closed = new AtomicInteger();
      InputStream stream =
          new FileInputStream(file.toFile()) {
            @Override
            public void close() throws IOException {
              closed.incrementAndGet();
              super.close();
            }
          };
      Response response =
          exchange(get("/"), respond(new FileBody(file, offset, count, opened ? stream : null)));
      assertThat(response.header("Content-Length")).isEqualTo(Integer.toString(count));
      assertThat(response.text().equals(content.substring(offset, offset + count))).isTrue();
      if (opened) {
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .atMost(20, TimeUnit.SECONDS)
            .until(() -> closed.get() > 0);
        assertThat(closed.get()).isEqualTo(1);
      }
      stream.close();
    }
  }

  @Test
  void wrapsAFile() throws Exception {
    Response response =
        exchange(
            get("/"),
            (environ, startResponse) -> {
              startResponse.start("200 OK", List.of());
              return ((FileWrapper) environ.get("wsgi.file_wrapper")).wrap(file);
            });
    assertThat(response.text().equals(content)).isTrue();
  }

  @Test
  void sendsNothingOfAFileToHead() throws Exception {
    serve(respond(FileBody.of(file)));
    try (RawHttp http = RawHttp.connect(port())) {
      for (int i = 0; i < 3; i++) {
        http.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(http.readHead().header("Content-Length")).isEqualTo(Integer.toString(SIZE));
      }
    }
  }

  @Test
  void servesManyFilesOverOneConnection() throws Exception {
    serve(respond(FileBody.of(file)));
    try (RawHttp http = RawHttp.connect(port())) {
      for (int i = 0; i < 5; i++) {
        http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(http.read().text().equals(content)).isTrue();
      }
    }
  }

  @Test
  void cutsAFileThatIsLongerThanDeclared() throws Exception {
    Response response =
        exchange(get("/"), respond(FileBody.of(file), new Header("Content-Length", "600000")));
    assertThat(response.text().equals(content.substring(0, 600_000))).isTrue();
    assertThat(response.isComplete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1000000, 1000001", "100, 101"})
  void breaksTheConnectionWhenTheFileIsShorterThanDeclared(long count, String length)
      throws Exception {
    Response response =
        exchange(
            get("/"),
            respond(new FileBody(file, 0, count, null), new Header("Content-Length", length)));
    assertThat(response.isComplete()).isFalse();
  }

  @Test
  void neverCompletesAFileThatIsShorterThanItPromised() throws Exception {
    Response response = exchange(get("/"), respond(new FileBody(file, 0, SIZE + 1, null)));
    assertThat(response.status() == 500 || !response.isComplete()).isTrue();
  }

  @Test
  void answers500WhenTheFileIsMissing() throws Exception {
    Response response =
        exchange(get("/"), respond(new FileBody(folder.resolve("none"), 0, SIZE, null)));
    assertThat(response.status()).isEqualTo(500);
  }

  @Test
  void sendsAFileAfterWhatWasWritten() throws Exception {
    Response response =
        exchange(
            get("/"),
            (environ, startResponse) -> {
              startResponse.start("200 OK", List.of()).write(new byte[] {'>'});
              return FileBody.of(file);
            });
    assertThat(response.text().equals(">" + content)).isTrue();
    assertThat(response.isComplete()).isTrue();
  }
}
