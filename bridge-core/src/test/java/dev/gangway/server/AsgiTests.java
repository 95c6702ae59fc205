package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.asgi.WebSocketScope;
import dev.gangway.servlet.AsgiGateway;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an ASGI application is told of connections that are not plain ones over TCP. */
public abstract class AsgiTests {

  private static final String[] FROM_PROXY = {
    "Host: internal:8080",
    "X-Forwarded-For: 6.6.6.6, 192.0.2.7",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: shop.example",
  };

  private static final String[] WEB_SOCKET = {
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  };

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  /** Answers with the scope's ends; a WebSocket is denied with them. */
  static final AsgiApplication SEEN =
      (scope, receive, send) -> {
        String seen = seen(scope);
        if (scope instanceof WebSocketScope) {
          return send.send(new SendEvent.WebSocketHttpResponseStart(401, List.of()))
              .thenCompose(
                  sent ->
                      send.send(
                          new SendEvent.WebSocketHttpResponseBody(
                              ByteBuffer.wrap(seen.getBytes(StandardCharsets.UTF_8)), false)));
        }
        return send.send(new SendEvent.HttpResponseStart(200, List.of()))
            .thenCompose(sent -> send.send(SendEvent.HttpResponseBody.last(seen)));
      };

  static String seen(Scope scope) throws UnsupportedScopeException {
    ConnectionScope connection;
    if (scope instanceof HttpScope http) {
      connection = http.connection();
    } else if (scope instanceof WebSocketScope webSocket) {
      connection = webSocket.connection();
    } else {
      throw new UnsupportedScopeException(scope);
    }
    return String.join(
        "\n",
        "scheme=" + connection.scheme(),
        "version=" + connection.httpVersion(),
        "client=" + connection.client(),
        "server=" + connection.server(),
        "host=" + header(connection, "host"),
        "tls=" + connection.tls());
  }

  private static String header(ConnectionScope connection, String name) {
    return connection.headers().stream()
        .filter(header -> header.name().equals(name))
        .map(Header::value)
        .collect(Collectors.joining(","));
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  void theServerOfAUnixDomainSocketIsItsPath() throws Exception {
    Path socket = folder.resolve("gangway.sock");
    try (Gateway gateway =
        builder().bind("unix:" + socket).mount("/", new AsgiGateway(SEEN)).start()) {
      assertThat(body(RawClient.get(gateway, "/")).lines())
          .contains(
              "scheme=http",
              "client=null",
              "server=Address[host=" + socket + ", port=-1]",
              "host=test",
              "tls=null");
      assertThat(body(RawClient.get(gateway, "/", WEB_SOCKET)).lines())
          .contains("scheme=ws", "client=null", "server=Address[host=" + socket + ", port=-1]");
    }
  }

  @Test
  void theClientIsTheOneThatATrustedProxyTells() throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .forwardedAllowIps("127.0.0.1")
            .mount("/", new AsgiGateway(SEEN))
            .start()) {
      String server = "server=Address[host=127.0.0.1, port=" + gateway.port() + "]";
      assertThat(body(RawClient.get(gateway, "/", FROM_PROXY)).lines())
          .contains(
              "scheme=https",
              "client=Address[host=192.0.2.7, port=0]",
              server,
              "host=shop.example",
              "tls=null");
      String[] both =
          Stream.of(FROM_PROXY, WEB_SOCKET).flatMap(Arrays::stream).toArray(String[]::new);
      assertThat(body(RawClient.get(gateway, "/", both)).lines())
          .contains("scheme=wss", "client=Address[host=192.0.2.7, port=0]", server);
    }
  }

  @Test
  void aProxyThatNobodyTrustsTellsNothing() throws Exception {
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").mount("/", new AsgiGateway(SEEN)).start()) {
      assertThat(body(RawClient.get(gateway, "/", FROM_PROXY)))
          .contains("scheme=http\n", "client=Address[host=127.0.0.1, port=", "host=internal:8080");
    }
  }
}
