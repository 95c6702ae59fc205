package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.servlet.AsgiGateway;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ASGI over HTTP/2 without TLS, with curl for a client. */
public abstract class Http2Tests {

  private static final Path CURL = Path.of("/usr/bin/curl");

  @TempDir Path folder;

  /** A builder whose first connector speaks HTTP/2 with clients that know it. */
  protected abstract GatewayBuilder<?> builder();

  @BeforeEach
  void needsCurl() {
    assumeTrue(
        Files.isExecutable(CURL) || Boolean.parseBoolean(System.getenv("CI")),
        "There is no " + CURL);
  }

  /** Sends the body back, and tells its size in a trailer. */
  private static final AsgiApplication ECHO =
      (scope, receive, send) -> {
        if (!(scope instanceof HttpScope http)) {
          throw new UnsupportedScopeException(scope);
        }
        return body(receive, new ByteArrayOutputStream())
            .thenCompose(
                body ->
                    send.send(
                            new SendEvent.HttpResponseStart(
                                200,
                                List.of(
                                    new Header("x-version", http.connection().httpVersion()),
                                    new Header("x-host", host(http))),
                                true))
                        .thenCompose(
                            sent ->
                                send.send(
                                    new SendEvent.HttpResponseBody(ByteBuffer.wrap(body), false)))
                        .thenCompose(
                            sent ->
                                send.send(
                                    new SendEvent.HttpResponseTrailers(
                                        List.of(
                                            new Header("x-size", Integer.toString(body.length))),
                                        false))));
      };

  private static String host(HttpScope http) {
    return http.connection().headers().stream()
        .filter(header -> header.name().equals("host"))
        .map(Header::value)
        .reduce("", String::concat);
  }

  private static CompletionStage<byte[]> body(Receive receive, ByteArrayOutputStream body) {
    return receive
        .receive()
        .thenCompose(
            event -> {
              ReceiveEvent.HttpRequest part = (ReceiveEvent.HttpRequest) event;
              byte[] bytes = new byte[part.body().remaining()];
              part.body().get(bytes);
              body.writeBytes(bytes);
              return part.moreBody()
                  ? body(receive, body)
                  : CompletableFuture.completedFuture(body.toByteArray());
            });
  }

  private Process curl(Gateway gateway, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(CURL.toString(), "-sS", "--http2-prior-knowledge"));
    command.addAll(Arrays.asList(options));
    command.add(gateway.uris().get(0) + "/x");
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
  }

  @Test
  void aBodyComesBackWithTrailers() throws Exception {
    byte[] sent = new byte[1024 * 1024];
    new Random(1).nextBytes(sent);
    Files.write(folder.resolve("sent"), sent);
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").mount("/", new AsgiGateway(ECHO)).start()) {
      Process curl =
          curl(gateway, "--data-binary", "@sent", "-o", "received", "--dump-header", "head");
      assertThat(curl.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(curl.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
      assertThat(Files.readAllBytes(folder.resolve("received"))).isEqualTo(sent);
      assertThat(Files.readString(folder.resolve("head"), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/2 200")
          .contains("x-version: 2\r\n")
          .contains("x-host: 127.0.0.1:" + gateway.port() + "\r\n")
          .contains("x-size: " + sent.length);
    }
  }

  @Test
  void aClientThatLeavesIsSeenWhenSomethingIsSent() throws Exception {
    CompletableFuture<Throwable> failed = new CompletableFuture<>();
    byte[] part = new byte[16 * 1024];
    AsgiApplication endless =
        (scope, receive, send) -> {
          if (!(scope instanceof HttpScope)) {
            throw new UnsupportedScopeException(scope);
          }
          CompletableFuture<Void> end = new CompletableFuture<>();
          Thread thread =
              new Thread(
                  () -> {
                    try {
                      send.send(new SendEvent.HttpResponseStart(200, List.of()));
                      while (true) {
                        send.send(new SendEvent.HttpResponseBody(ByteBuffer.wrap(part), true))
                            .toCompletableFuture()
                            .get();
                      }
                    } catch (Exception e) {
                      failed.complete(e.getCause());
                      end.complete(null);
                    }
                  },
                  "endless");
          thread.setDaemon(true);
          thread.start();
          return end;
        };
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").mount("/", new AsgiGateway(endless)).start()) {
      Process curl = curl(gateway, "-o", "/dev/null", "--max-time", "1");
      assertThat(failed.get(30, TimeUnit.SECONDS)).isInstanceOf(ClientDisconnectedException.class);
      assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
