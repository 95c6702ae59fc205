package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.ReceiveEvent.WebSocketConnect;
import dev.gangway.asgi.ReceiveEvent.WebSocketReceive;
import dev.gangway.asgi.SendEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** Messages and the ends of WebSockets (ASGI WebSocket 2.5; RFC 6455). */
public abstract class WebSocketConformance extends WebSocketTest {

  @Test
  void connectIsTheFirstEvent() throws Exception {
    Calls calls = calls();
    try (Opened opened = openAccepted(calls)) {
      assertThat(opened.call().scope().type()).isEqualTo("websocket");
      assertThat(opened.call().scope().connection().scheme()).isEqualTo("ws");
      assertThat(opened.call().scope().connection().path()).isEqualTo("/");
    }
    serve(
        (scope, receive, send) ->
            receive
                .receive()
                .thenCompose(
                    event ->
                        send.send(
                            event instanceof WebSocketConnect
                                ? new SendEvent.WebSocketAccept(null, List.of())
                                : new SendEvent.WebSocketClose(1000, ""))));
    try (RawWebSocket client = open("/")) {
      assertThat(client.read().code()).isEqualTo(1000);
    }
  }

  @Test
  void messagesGoBothWays() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().text("gr\u00fc\u00df \ud83d\ude00");
      assertThat(opened.call().text()).isEqualTo("gr\u00fc\u00df \ud83d\ude00");
      opened.client().binary(new byte[] {0, (byte) 0xFF});
      WebSocketReceive message = (WebSocketReceive) opened.call().receiveNext();
      assertThat(message.text()).isNull();
      assertThat(message.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {0, (byte) 0xFF}));
      opened.call().sendText("\u20ac");
      RawWebSocket.Frame frame = opened.client().read();
      assertThat(frame.opcode()).isEqualTo(RawWebSocket.TEXT);
      assertThat(frame.text()).isEqualTo("\u20ac");
      ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
      opened.call().sendNow(new SendEvent.WebSocketSend(bytes, null));
      assertThat(bytes.position()).isZero();
      frame = opened.client().read();
      assertThat(frame.opcode()).isEqualTo(RawWebSocket.BINARY);
      assertThat(frame.payload()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void emptyMessagesAreMessages() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().text("");
      assertThat(opened.call().text()).isEmpty();
      opened.client().binary(new byte[0]);
      assertThat(((WebSocketReceive) opened.call().receiveNext()).bytes().remaining()).isZero();
      opened.call().sendText("");
      assertThat(opened.client().read().payload()).isEmpty();
    }
  }

  @Test
  void fragmentsAreJoinedAroundControlFrames() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
      opened.client().send(false, RawWebSocket.TEXT, new byte[] {'a', euro[0]});
      opened.client().send(true, RawWebSocket.PING, new byte[] {7});
      opened.client().send(false, RawWebSocket.CONTINUATION, new byte[] {euro[1]});
      opened.client().send(true, RawWebSocket.CONTINUATION, new byte[] {euro[2], 'z'});
      RawWebSocket.Frame pong = opened.client().read();
      assertThat(pong.opcode()).isEqualTo(RawWebSocket.PONG);
      assertThat(pong.payload()).containsExactly(7);
      assertThat(opened.call().text()).isEqualTo("a\u20acz");
      opened.client().send(false, RawWebSocket.BINARY, new byte[] {1});
      opened.client().send(true, RawWebSocket.CONTINUATION, new byte[] {2});
      assertThat(((WebSocketReceive) opened.call().receiveNext()).bytes())
          .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }
  }

  @Test
  void largeMessagesGoBothWays() throws Exception {
    serve(ECHO);
    byte[] large = new byte[1024 * 1024];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ('a' + i % 26);
    }
    try (RawWebSocket client = open("/")) {
      client.binary(large);
      assertThat(client.readMessage()).isEqualTo(large);
      client.send(true, RawWebSocket.TEXT, large);
      assertThat(client.readMessage()).isEqualTo(large);
    }
  }

  @Test
  void messagesAreCompressedIfTheClientOffersIt() throws Exception {
    serve(ECHO);
    String text = "again and ".repeat(100);
    try (RawWebSocket client = open("/", "Sec-WebSocket-Extensions: permessage-deflate")) {
      assertThat(client.headers("Sec-WebSocket-Extensions").toString())
          .contains("permessage-deflate")
          .doesNotContain("gangway");
      client.text(text);
      RawWebSocket.Frame frame = client.read();
      assertThat(frame.isCompressed()).isTrue();
      Inflater inflater = new Inflater(true);
      inflater.setInput(frame.payload());
      byte[] inflated = new byte[text.length()];
      assertThat(inflater.inflate(inflated)).isEqualTo(text.length());
      inflater.end();
      assertThat(new String(inflated, StandardCharsets.UTF_8)).isEqualTo(text);
    }
  }

  @Test
  void aMessageThatIsTooLargeClosesWith1009() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      byte[] part = new byte[1024 * 1024];
      opened.client().send(false, RawWebSocket.BINARY, part);
      for (int i = 0; i < 15; i++) {
        opened.client().send(false, RawWebSocket.CONTINUATION, part);
      }
      opened.client().send(true, RawWebSocket.CONTINUATION, new byte[1]);
      RawWebSocket.Frame close = opened.client().read();
      assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
      assertThat(close.code()).isEqualTo(1009);
      assertThat(opened.call().disconnect().code()).isEqualTo(1009);
    }
  }

  @Test
  void aMessageOfTheLargestSizeIsReceived() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().binary(new byte[16 * 1024 * 1024]);
      assertThat(((WebSocketReceive) opened.call().receiveNext()).bytes().remaining())
          .isEqualTo(16 * 1024 * 1024);
    }
  }

  @Test
  void theClientsCloseIsTold() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().close(3001, "bye \u20ac");
      RawWebSocket.Frame answer = opened.client().read();
      assertThat(answer.opcode()).isEqualTo(RawWebSocket.CLOSE);
      assertThat(answer.code()).isEqualTo(3001);
      assertThat(opened.call().disconnect().code()).isEqualTo(3001);
      assertThat(opened.call().disconnect().reason()).isEqualTo("bye \u20ac");
      assertThat(opened.client().isEnded()).isTrue();
      assertThatThrownBy(() -> opened.call().sendText("too late"))
          .isInstanceOf(ClientDisconnectedException.class);
      assertThatThrownBy(() -> opened.call().close(1000, ""))
          .isInstanceOf(ClientDisconnectedException.class);
    }
  }

  @Test
  void messagesBeforeTheCloseAreReceivedBeforeIt() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().text("one");
      opened.client().text("two");
      opened.client().close(1000, "");
      opened.client().read();
      assertThat(opened.call().text()).isEqualTo("one");
      assertThat(opened.call().text()).isEqualTo("two");
      assertThat(opened.call().disconnect().code()).isEqualTo(1000);
    }
  }

  @Test
  void aLostConnectionIsToldAs1006() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().close();
      assertThat(opened.call().disconnect().code()).isEqualTo(1006);
      assertThatThrownBy(() -> opened.call().sendText("too late"))
          .isInstanceOf(ClientDisconnectedException.class);
    }
    try (Opened opened = openAccepted(calls())) {
      opened.client().reset();
      assertThat(opened.call().disconnect().code()).isEqualTo(1006);
    }
  }

  @Test
  void theApplicationsCloseIsSent() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.call().close(4004, "enough \u20ac");
      RawWebSocket.Frame close = opened.client().read();
      assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
      assertThat(close.code()).isEqualTo(4004);
      assertThat(close.reason()).isEqualTo("enough \u20ac");
      assertThatThrownBy(() -> opened.call().sendText("too late"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("websocket.send");
      opened.client().close(4004, "");
      assertThat(opened.call().disconnect().code()).isEqualTo(4004);
      assertThat(opened.client().isEnded()).isTrue();
    }
  }

  @Test
  void anApplicationThatReturnsClosesWith1000() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      CompletableFuture<Void> last = opened.call().begin(new SendEvent.WebSocketSend(null, "last"));
      opened.call().finish();
      assertThat(opened.client().read().text()).isEqualTo("last");
      assertThat(opened.client().read().code()).isEqualTo(1000);
      assertThat(last).isCompleted();
    }
  }

  @Test
  void anApplicationThatFailsClosesWith1011() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.call().end().completeExceptionally(new IllegalStateException("provoked"));
      assertThat(opened.client().read().code()).isEqualTo(1011);
    }
  }

  @Test
  void unmaskedFramesAreAnError() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().write(new byte[] {(byte) 0x81, 1, 'x'});
      assertThat(opened.client().read().code()).isEqualTo(1002);
      assertThat(opened.call().disconnect().code()).isIn(1002, 1006);
    }
  }

  @Test
  void textThatIsNotUtf8IsAnError() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      opened.client().send(true, RawWebSocket.TEXT, new byte[] {(byte) 0xC3, 0x28});
      assertThat(opened.client().read().code()).isEqualTo(1007);
      assertThat(opened.call().disconnect().code()).isIn(1006, 1007);
    }
  }

  @Test
  void echoesInOrderThroughTheJdksClient() throws Exception {
    serve(ECHO);
    Listener listener = new Listener();
    WebSocket client =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port() + "/app/x"), listener)
            .get(SOON.toSeconds(), TimeUnit.SECONDS);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sent.add("message " + i);
      client.sendText("message " + i, true).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
    for (String message : sent) {
      assertThat(listener.received.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(message);
    }
    client.sendClose(1000, "done").get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(listener.received.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("close 1000");
  }

  private static final class Listener implements WebSocket.Listener {

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket client, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        received.add(text.toString());
        text.setLength(0);
      }
      client.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket client, int code, String reason) {
      received.add("close " + code);
      return null;
    }
  }
}
