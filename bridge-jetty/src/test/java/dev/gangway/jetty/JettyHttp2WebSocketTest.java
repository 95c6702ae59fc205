package dev.gangway.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.ReceiveEvent.WebSocketDisconnect;
import dev.gangway.asgi.ReceiveEvent.WebSocketReceive;
import dev.gangway.asgi.SendEvent.WebSocketAccept;
import dev.gangway.asgi.SendEvent.WebSocketClose;
import dev.gangway.asgi.SendEvent.WebSocketSend;
import dev.gangway.asgi.WebSocketScope;
import dev.gangway.servlet.AsgiGateway;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** A WebSocket that is a stream of HTTP/2 (RFC 8441), which Jetty offers wherever it has HTTP/2. */
class JettyHttp2WebSocketTest {

  private static final Duration GRACEFUL_TIMEOUT = Duration.ofSeconds(20);

  /** How the WebSockets of the application ended: the codes. */
  private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

  /** The application has sent what it sends, and waits for the end. */
  private final CountDownLatch listening = new CountDownLatch(1);

  /** Sends back the first message with the version and the path, and closes if it is told to. */
  private final AsgiApplication application =
      (scope, receive, send) -> {
        var connection = ((WebSocketScope) scope).connection();
        if (connection.path().equals("/app/denied")) {
          return receive.receive().thenCompose(connect -> send.send(new WebSocketClose(1000, "")));
        }
        return receive
            .receive()
            .thenCompose(connect -> send.send(new WebSocketAccept(null, List.of())))
            .thenCompose(accepted -> receive.receive())
            .thenCompose(
                event -> {
                  String text = ((WebSocketReceive) event).text();
                  String seen = text + " " + connection.httpVersion() + " " + connection.path();
                  return send.send(new WebSocketSend(null, seen))
                      .thenCompose(
                          sent ->
                              "close".equals(text)
                                  ? send.send(new WebSocketClose(4001, "so long"))
                                  : CompletableFuture.completedFuture(null));
                })
            .thenCompose(
                sent -> {
                  listening.countDown();
                  return receive.receive();
                })
            .thenAccept(this::disconnected);
      };

  private void disconnected(ReceiveEvent event) {
    ended.add(((WebSocketDisconnect) event).code());
  }

  @Test
  void theApplicationCloses() throws Exception {
    try (JettyGateway gateway = start();
        Http2WebSocket client = Http2WebSocket.open(gateway.port(), "/app/x%20y")) {
      haveItClosed(client);
      assertThat(client.next()).isEqualTo("end");
      assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo(4001);
      await().until(() -> streamsOf(gateway).isEmpty());
    }
  }

  @Test
  void theClientCloses() throws Exception {
    try (JettyGateway gateway = start();
        Http2WebSocket client = Http2WebSocket.open(gateway.port(), "/app/x%20y")) {
      greet(client);
      client.beginClose(4002);
      assertThat(client.next()).isEqualTo("close 4002 ");
      assertThat(client.next()).isEqualTo("end");
      assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo(4002);
      await().until(() -> streamsOf(gateway).isEmpty());
    }
  }

  @Test
  void aMessageMayBeLargerThanAFrameOfHttp2() throws Exception {
    String large = "x".repeat(60_000);
    try (JettyGateway gateway = start();
        Http2WebSocket client = Http2WebSocket.open(gateway.port(), "/app/")) {
      client.sendText(large);
      assertThat(client.next()).isEqualTo("text " + large + " 2 /app/");
    }
  }

  @Test
  void theApplicationDenies() throws Exception {
    try (JettyGateway gateway = start()) {
      assertThatThrownBy(() -> Http2WebSocket.open(gateway.port(), "/app/denied"))
          .hasMessage("The server answered 403");
    }
  }

  @Test
  void theClientLeaves() throws Exception {
    try (JettyGateway gateway = start();
        Http2WebSocket client = Http2WebSocket.open(gateway.port(), "/app/x%20y")) {
      greet(client);
      client.reset();
      assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo(1006);
      await().until(() -> streamsOf(gateway).isEmpty());
    }
  }

  @Test
  void aServerThatStopsDoesNotWaitForOneThatIsOver() throws Exception {
    try (JettyGateway gateway = start();
        Http2WebSocket client = Http2WebSocket.open(gateway.port(), "/app/x%20y")) {
      haveItClosed(client);
      assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo(4001);
      assertThat(stopped(gateway)).succeedsWithin(GRACEFUL_TIMEOUT.dividedBy(2));
    }
  }

  @Test
  void aServerThatStopsClosesThoseThatAreOpen() throws Exception {
    try (JettyGateway gateway = start();
        Http2WebSocket client = Http2WebSocket.open(gateway.port(), "/app/x%20y")) {
      greet(client);
      CompletableFuture<Void> stopped = stopped(gateway);
      assertThat(client.next()).startsWith("close 1012");
      client.answerClose(1012);
      assertThat(stopped).succeedsWithin(GRACEFUL_TIMEOUT.dividedBy(2));
      assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo(1012);
    }
  }

  /** Until the application waits for what the client says next. */
  private void greet(Http2WebSocket client) throws Exception {
    client.sendText("hello");
    assertThat(client.next()).isEqualTo("text hello 2 /app/x y");
    assertThat(listening.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void haveItClosed(Http2WebSocket client) throws Exception {
    client.sendText("close");
    assertThat(client.next()).isEqualTo("text close 2 /app/x y");
    assertThat(client.next()).isEqualTo("close 4001 so long");
    client.answerClose(4001);
  }

  private static CompletableFuture<Void> stopped(JettyGateway gateway) {
    return CompletableFuture.runAsync(gateway::close);
  }

  /** A server that has one connection. */
  private static Collection<Stream> streamsOf(JettyGateway gateway) {
    return gateway.server().getConnectors()[0].getConnectedEndPoints().stream()
        .map(it -> ((HTTP2Connection) it.getConnection()).getSession().getStreams())
        .findFirst()
        .orElseThrow();
  }

  private JettyGateway start() throws Exception {
    return JettyGateway.builder()
        .bind("127.0.0.1:0")
        .gracefulTimeout(GRACEFUL_TIMEOUT)
        .mount("/app", new AsgiGateway(application))
        .customize(
            server -> {
              ServerConnector connector = (ServerConnector) server.getConnectors()[0];
              connector.addConnectionFactory(
                  new HTTP2CServerConnectionFactory(
                      connector
                          .getConnectionFactory(HttpConnectionFactory.class)
                          .getHttpConfiguration()));
            })
        .start();
  }
}
