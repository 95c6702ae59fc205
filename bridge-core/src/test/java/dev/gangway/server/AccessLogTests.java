package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every container tells the access log. */
public abstract class AccessLogTests {

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  private Gateway start(String format) throws Exception {
    return builder()
        .bind("127.0.0.1:0")
        .accessLog(AccessLog.of(format, lines::add))
        .forwardedAllowIps("127.0.0.1")
        .mount("/app", GatewayTests.echo("app"))
        .staticFolder("/static", folder, StaticFiles.defaults())
        .start();
  }

  private void awaitLines(String... expected) {
    await().untilAsserted(() -> assertThat(lines).containsExactly(expected));
  }

  @Test
  void tellsOfApplicationsFilesAndWhatIsMissing() throws Exception {
    Files.writeString(folder.resolve("a.css"), "12345678");
    Files.write(folder.resolve("large.bin"), new byte[1_000_000]);
    try (Gateway gateway = start("%(m)s %(U)s %(q)s %(s)s %(B)s %(H)s %(p)s %({queue_time}g)s")) {
      RawClient.get(gateway, "/app/caf%C3%A9?x=%22");
      awaitLines("GET /app/caf%C3%A9 x=%22 200 15 HTTP/1.1 - -");
      lines.clear();
      RawClient.exchange(gateway.uris().get(0), "HEAD", "/app/");
      awaitLines("HEAD /app/  200 0 HTTP/1.1 - -");
      lines.clear();
      RawClient.get(gateway, "/static/a.css");
      awaitLines("GET /static/a.css  200 8 HTTP/1.1 - -");
      lines.clear();
      RawClient.get(gateway, "/static/large.bin");
      awaitLines("GET /static/large.bin  200 1000000 HTTP/1.1 - -");
      lines.clear();
      RawClient.get(gateway, "/none");
      await().untilAsserted(() -> assertThat(lines).hasSize(1));
      assertThat(lines.get(0)).startsWith("GET /none  404 ");
    }
  }

  @Test
  void tellsHeadersOfRequestAndResponse() throws Exception {
    try (Gateway gateway =
        start("%(h)s %({x-it}i)s %({CONTENT-type}o)s %({HTTP_X_IT}e)s \"%(a)s\"")) {
      RawClient.get(
          gateway,
          "/app/",
          "X-It: one",
          "X-It: two",
          "User-Agent: a \"b\\",
          "X-Forwarded-For: 192.0.2.7");
      awaitLines("192.0.2.7 one,two text/plain one,two \"a \\\"b\\\\\"");
    }
  }

  @Test
  void tellsWhenARequestCameAndHowLongItTook() throws Exception {
    try (Gateway gateway = start("%(t)s %(T)s %(L)s")) {
      RawClient.get(gateway, "/app/");
      await().untilAsserted(() -> assertThat(lines).hasSize(1));
      assertThat(lines.get(0)).matches("\\[\\d\\d/.*] [0-9] [0-9]\\.\\d{6}");
    }
  }

  @Test
  void tellsOfRequestsThatAreNotHttp() throws Exception {
    try (Gateway gateway = start("%(s)s %(L)s");
        RawClient client = RawClient.to(gateway)) {
      assertThat(client.send("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n").readToEnd()).contains("400");
      await().untilAsserted(() -> assertThat(lines).hasSize(1));
      assertThat(lines.get(0)).matches("400 [0-9]\\.\\d{6}");
    }
  }
}
