package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How every container serves a static folder. */
public abstract class StaticFolderTests {

  private static final int LARGE = 300_000;

  @TempDir Path root;
  private Gateway gateway;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  @BeforeEach
  void start() throws Exception {
    Path folder = Files.createDirectory(root.resolve("static"));
    Files.writeString(folder.resolve("site.css"), "body { color: black }");
    Files.writeString(folder.resolve("site.5af66c1b1797.js"), "body {}");
    Files.writeString(folder.resolve("umlaut.txt"), "\u00e4", StandardCharsets.UTF_8);
    Files.writeString(folder.resolve("a b+c\u00e9.txt"), "odd name");
    Files.writeString(folder.resolve("app.js"), "plain");
    Files.write(folder.resolve("app.js.gz"), gzip("plain"));
    Files.writeString(folder.resolve("app.js.br"), "brotli");
    Files.write(folder.resolve("large.bin"), new byte[LARGE]);
    Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("x.txt"), "x");
    Files.writeString(folder.resolve("sub").resolve("index.html"), "index");
    Files.writeString(root.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(folder.resolve("out.txt"), root.resolve("secret.txt"));
    Files.createSymbolicLink(folder.resolve("outside"), root);
    Files.createSymbolicLink(folder.resolve("inside.css"), Path.of("site.css"));
    gateway =
        builder()
            .bind("127.0.0.1:0")
            .mount("/", GatewayTests.echo("root"))
            .staticFolder(
                "/static",
                folder,
                StaticFiles.defaults()
                    .cacheControl("*.css", "max-age=3600")
                    .cacheControl("sub/*", "no-cache"))
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String header(String response, String name) {
    Matcher matcher = Pattern.compile("(?imd)^" + name + ":\\s*(.*?)\\r$").matcher(response);
    return matcher.find() ? matcher.group(1) : "";
  }

  @Test
  void servesFilesBesideAnApplication() throws Exception {
    String css = RawClient.get(gateway, "/static/site.css");
    assertThat(css).startsWith("HTTP/1.1 200").endsWith("body { color: black }");
    assertThat(header(css, "Content-Type")).startsWith("text/css");
    assertThat(header(css, "Content-Length")).isEqualTo("21");
    assertThat(header(css, "ETag")).isNotEmpty();
    assertThat(header(css, "Last-Modified")).isNotEmpty();
    assertThat(header(css, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(RawClient.get(gateway, "/statics")).endsWith("root  /statics");
    assertThat(RawClient.get(gateway, "/static/sub/x.txt")).endsWith("\r\nx");
    assertThat(RawClient.get(gateway, "/static/a%20b+c%C3%A9.txt")).endsWith("odd name");
    assertThat(RawClient.get(gateway, "/static/umlaut.txt")).endsWith("\u00c3\u00a4");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    String head = RawClient.exchange(gateway.uris().get(0), "HEAD", "/static/site.css");
    assertThat(head).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
    assertThat(header(head, "Content-Length")).isEqualTo("21");
  }

  @Test
  void setsCacheControlByPattern() throws Exception {
    assertThat(header(RawClient.get(gateway, "/static/site.css"), "Cache-Control"))
        .isEqualTo("max-age=3600");
    assertThat(header(RawClient.get(gateway, "/static/sub/x.txt"), "Cache-Control"))
        .isEqualTo("no-cache");
    assertThat(header(RawClient.get(gateway, "/static/app.js"), "Cache-Control")).isEmpty();
    assertThat(header(RawClient.get(gateway, "/static/none.css"), "Cache-Control"))
        .doesNotContain("max-age");
    assertThat(header(RawClient.get(gateway, "/static/site.5af66c1b1797.js"), "Cache-Control"))
        .isEqualTo("public, max-age=31536000, immutable");
  }

  @Test
  void answersConditionalRequestsWith304() throws Exception {
    String full = RawClient.get(gateway, "/static/site.css");
    String byTag =
        RawClient.get(gateway, "/static/site.css", "If-None-Match: " + header(full, "ETag"));
    assertThat(byTag).startsWith("HTTP/1.1 304").endsWith("\r\n\r\n");
    String byDate =
        RawClient.get(
            gateway, "/static/site.css", "If-Modified-Since: " + header(full, "Last-Modified"));
    assertThat(byDate).startsWith("HTTP/1.1 304");
    assertThat(RawClient.get(gateway, "/static/site.css", "If-None-Match: \"other\""))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void answersRanges() throws Exception {
    String part = RawClient.get(gateway, "/static/site.css", "Range: bytes=0-3");
    assertThat(part).startsWith("HTTP/1.1 206").endsWith("\r\n\r\nbody");
    assertThat(header(part, "Content-Range")).isEqualTo("bytes 0-3/21");
    assertThat(RawClient.get(gateway, "/static/site.css", "Range: bytes=-1")).endsWith("\r\n\r\n}");
    assertThat(RawClient.get(gateway, "/static/site.css", "Range: bytes=99-"))
        .startsWith("HTTP/1.1 416");
  }

  @Test
  void sendsLargeFilesWhole() throws Exception {
    String response = RawClient.get(gateway, "/static/large.bin");
    assertThat(response.substring(response.indexOf("\r\n\r\n") + 4)).hasSize(LARGE);
  }

  @Test
  void sendsPrecompressedVariantsToThoseWhoTakeThem() throws Exception {
    String brotli = RawClient.get(gateway, "/static/app.js", "Accept-Encoding: gzip, br");
    assertThat(header(brotli, "Content-Encoding")).isEqualTo("br");
    assertThat(header(brotli, "Content-Type")).contains("javascript");
    assertThat(header(brotli, "Vary")).containsIgnoringCase("accept-encoding");
    assertThat(brotli).endsWith("brotli");
    String gzip = RawClient.get(gateway, "/static/app.js", "Accept-Encoding: gzip");
    assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
    String plain = RawClient.get(gateway, "/static/app.js");
    assertThat(header(plain, "Content-Encoding")).isEmpty();
    assertThat(plain).endsWith("plain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/static",
        "/static/",
        "/static/none.css",
        "/static/sub",
        "/static/sub/",
        "/static/out.txt",
        "/static/inside.css",
        "/static/outside/secret.txt",
        "/static/site.css/",
      })
  void doesNotFindWhatIsNoFileOfTheFolder(String target) throws Exception {
    String answer = RawClient.get(gateway, target);
    assertThat(answer).startsWith("HTTP/1.1 404").doesNotEndWith("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/..%2Fsecret.txt",
        "/static/..%5Csecret.txt",
        "/static/..;/secret.txt",
        "/static//../secret.txt",
        "/static/sub/../../secret.txt",
        "/static/%252e%252e/secret.txt",
      })
  void neverLeavesTheFolder(String target) throws Exception {
    assertThat(RawClient.get(gateway, target)).doesNotEndWith("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"})
  void allowsOnlyGetAndHead(String method) throws Exception {
    String answer =
        RawClient.exchange(gateway.uris().get(0), method, "/static/site.css", "Content-Length: 0");
    assertThat(answer).startsWith("HTTP/1.1 405");
    assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
  }
}
