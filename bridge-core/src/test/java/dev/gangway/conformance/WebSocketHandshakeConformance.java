package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gangway.Header;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.asgi.WebSocketScope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the request for a WebSocket (ASGI WebSocket 2.5; RFC 6455, section 4). */
public abstract class WebSocketHandshakeConformance extends WebSocketTest {

  /** Sends a handshake while the test plays the application. */
  private CompletableFuture<RawHttp.Response> ask(String... fields) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return RawHttp.exchange(port(), RawWebSocket.handshake("/chat?room=1", fields));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static RawHttp.Response get(CompletableFuture<RawHttp.Response> response)
      throws Exception {
    return response.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void theScopeTellsWhatIsAskedFor() throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response =
        ask("Sec-WebSocket-Protocol: chat, superchat", "Origin: http://example.org");
    Call call = calls.next();
    ConnectionScope connection = call.scope().connection();
    assertThat(connection.scheme()).isEqualTo("ws");
    assertThat(connection.httpVersion()).isEqualTo("1.1");
    assertThat(connection.path()).isEqualTo("/chat");
    assertThat(connection.rawPath()).isEqualTo("/chat");
    assertThat(connection.queryString()).isEqualTo("room=1");
    assertThat(connection.rootPath()).isEmpty();
    assertThat(connection.headers())
        .contains(new Header("origin", "http://example.org"), new Header("upgrade", "websocket"));
    assertThat(connection.client().host()).isEqualTo("127.0.0.1");
    assertThat(call.scope().subprotocols()).containsExactly("chat", "superchat");
    assertThat(call.scope().extensions()).contains("websocket.http.response");
    call.close(1000, "");
    assertThat(get(response).status()).isEqualTo(403);
  }

  @Test
  void aCloseBeforeTheAcceptIs403() throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response = ask();
    Call call = calls.next();
    call.receiveNext();
    call.close(4000, "no");
    assertThat(get(response).status()).isEqualTo(403);
    assertThat(call.disconnect().code()).isEqualTo(1006);
    assertThatThrownBy(() -> call.close(1000, "")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSubprotocolIsAccepted() throws Exception {
    serve(
        (scope, receive, send) ->
            send.send(new SendEvent.WebSocketAccept("superchat", List.of()))
                .thenCompose(accepted -> send.send(new SendEvent.WebSocketClose(1000, ""))));
    try (RawWebSocket client = open("/", "Sec-WebSocket-Protocol: chat, superchat")) {
      assertThat(client.headers("Sec-WebSocket-Protocol")).containsExactly("superchat");
      assertThat(client.read().code()).isEqualTo(1000);
    }
  }

  @Test
  void withoutASubprotocolThereIsNone() throws Exception {
    serve(ECHO);
    try (RawWebSocket client = open("/", "Sec-WebSocket-Protocol: chat")) {
      assertThat(client.headers("Sec-WebSocket-Protocol")).isEmpty();
      assertThat(client.headers("Sec-WebSocket-Extensions")).isEmpty();
      assertThat(client.headers("Sec-WebSocket-Accept"))
          .containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
  }

  @Test
  void aSubprotocolThatWasNotOfferedIsAnError() throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response = ask("Sec-WebSocket-Protocol: chat");
    Call call = calls.next();
    assertThatThrownBy(() -> call.sendNow(new SendEvent.WebSocketAccept("other", List.of())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other")
        .hasMessageContaining("chat");
    call.close(1000, "");
    assertThat(get(response).status()).isEqualTo(403);
  }

  @Test
  void theAcceptAddsHeaders() throws Exception {
    serve(
        (scope, receive, send) ->
            send.send(
                    new SendEvent.WebSocketAccept(
                        null,
                        List.of(
                            new Header("Set-Cookie", "a=1"),
                            new Header("Set-Cookie", "b=2; Path=/"),
                            new Header("X-Served-By", "gangway"))))
                .thenCompose(accepted -> send.send(new SendEvent.WebSocketClose(1000, ""))));
    try (RawWebSocket client = open("/")) {
      assertThat(client.headers("Set-Cookie")).containsExactlyInAnyOrder("a=1", "b=2; Path=/");
      assertThat(client.headers("X-Served-By")).containsExactly("gangway");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Sec-WebSocket-Protocol", "Sec-WebSocket-Accept", "Connection", "bad name"})
  void headersOfTheServerAreRefusedInTheAccept(String name) throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response = ask();
    Call call = calls.next();
    assertThatThrownBy(
            () ->
                call.sendNow(
                    new SendEvent.WebSocketAccept(null, List.of(new Header(name, "value")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
    call.close(1000, "");
    assertThat(get(response).status()).isEqualTo(403);
  }

  @Test
  void aDenialIsAResponse() throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response = ask("Connection: Upgrade");
    Call call = calls.next();
    call.receiveNext();
    call.sendNow(
        new SendEvent.WebSocketHttpResponseStart(
            401,
            List.of(
                new Header("WWW-Authenticate", "Basic realm=\"chat\""),
                new Header("Content-Type", "text/plain"))));
    call.sendNow(new SendEvent.WebSocketHttpResponseBody(utf8("not "), true));
    call.sendNow(new SendEvent.WebSocketHttpResponseBody(utf8("you"), false));
    RawHttp.Response denied = get(response);
    assertThat(denied.status()).isEqualTo(401);
    assertThat(denied.header("WWW-Authenticate")).isEqualTo("Basic realm=\"chat\"");
    assertThat(denied.text()).isEqualTo("not you");
    assertThat(denied.isComplete()).isTrue();
    assertThat(call.disconnect().code()).isEqualTo(1006);
    assertThatThrownBy(() -> call.sendText("too late")).isInstanceOf(IllegalStateException.class);
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void messagesBeforeTheAcceptAreAnError() throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response = ask();
    Call call = calls.next();
    assertThatThrownBy(() -> call.sendText("too early"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("websocket.send before it is accepted");
    assertThatThrownBy(
            () -> call.sendNow(new SendEvent.WebSocketHttpResponseBody(utf8("x"), false)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> call.sendNow(new SendEvent.HttpResponseStart(200, List.of())))
        .isInstanceOf(IllegalStateException.class);
    call.close(1000, "");
    assertThat(get(response).status()).isEqualTo(403);
  }

  @Test
  void eventsOfAnotherStateAreErrorsWhileItIsOpen() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      Call call = opened.call();
      for (SendEvent event :
          List.of(
              new SendEvent.WebSocketAccept(null, List.of()),
              new SendEvent.WebSocketHttpResponseStart(401, List.of()),
              new SendEvent.HttpResponseBody(utf8("x"), false))) {
        assertThatThrownBy(() -> call.sendNow(event))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("while it is open");
      }
      for (SendEvent event :
          List.of(
              new SendEvent.WebSocketSend(null, null),
              new SendEvent.WebSocketSend(utf8("x"), "x"),
              new SendEvent.WebSocketClose(1005, ""),
              new SendEvent.WebSocketClose(999, ""),
              new SendEvent.WebSocketClose(5000, ""),
              new SendEvent.WebSocketClose(1000, "x".repeat(124)))) {
        assertThatThrownBy(() -> call.sendNow(event)).isInstanceOf(IllegalArgumentException.class);
      }
      call.sendText("still open");
      assertThat(opened.client().read().text()).isEqualTo("still open");
    }
  }

  @Test
  void twoReceivesAtOnceAreAnError() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      Call call = opened.call();
      var first = call.receive().receive().toCompletableFuture();
      var second = call.receive().receive().toCompletableFuture();
      eventually(() -> assertThat(second).isCompletedExceptionally());
      opened.client().text("hello");
      assertThat(first.get(SOON.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void anApplicationThatFailsBeforeTheAcceptIs500() throws Exception {
    serve(
        (scope, receive, send) -> {
          throw new UnsupportedScopeException(scope);
        });
    assertThat(get(ask()).status()).isEqualTo(500);
    serve(
        (scope, receive, send) ->
            CompletableFuture.failedFuture(new IllegalStateException("provoked by the test")));
    assertThat(get(ask()).status()).isEqualTo(500);
  }

  @Test
  void anApplicationThatReturnsBeforeTheAcceptIs500() throws Exception {
    serve((scope, receive, send) -> CompletableFuture.completedFuture(null));
    assertThat(get(ask()).status()).isEqualTo(500);
  }

  @Test
  void aDenialThatFailsHalfwayIsNotComplete() throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response = ask();
    Call call = calls.next();
    call.sendNow(new SendEvent.WebSocketHttpResponseStart(401, List.of()));
    call.sendNow(new SendEvent.WebSocketHttpResponseBody(utf8("half"), true));
    call.end().completeExceptionally(new IllegalStateException("provoked by the test"));
    assertThat(get(response).isComplete()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-WebSocket-Version: 8, 426",
    "Sec-WebSocket-Version:, 426",
    "Sec-WebSocket-Key:, 400",
    "Sec-WebSocket-Key: c2hvcnQ=, 400",
    "Sec-WebSocket-Key: !!!!IHNhbXBsZSBub25jZQ==, 400"
  })
  void malformedHandshakesDoNotReachTheApplication(String field, int status) throws Exception {
    Calls calls = calls();
    RawHttp.Response response = get(ask(field));
    assertThat(response.status()).isEqualTo(status);
    if (status == 426) {
      assertThat(response.header("Sec-WebSocket-Version")).isEqualTo("13");
    }
    assertThat(calls.isEmpty()).isTrue();
  }

  @Test
  void aHandshakeWithTwoKeysOrInHttp10DoesNotReachTheApplication() throws Exception {
    Calls calls = calls();
    String handshake = RawWebSocket.handshake("/chat");
    for (String malformed :
        List.of(
            handshake.replaceFirst("(Sec-WebSocket-Key: .*\r\n)", "$1$1"),
            handshake.replace("HTTP/1.1", "HTTP/1.0"))) {
      assertThat(RawHttp.exchange(port(), malformed).status()).as(malformed).isEqualTo(400);
    }
    assertThat(calls.isEmpty()).isTrue();
  }

  @Test
  void aTargetThatIsNoUriIsAccepted() throws Exception {
    assumeTrue(server().upgradesAnyTarget());
    serve(
        (scope, receive, send) ->
            send.send(
                    new SendEvent.WebSocketAccept(
                        null, List.of(new Header("x-query", connection(scope).queryString()))))
                .thenCompose(accepted -> send.send(new SendEvent.WebSocketClose(1000, ""))));
    try (RawWebSocket client = open("/?off=100%&%zz")) {
      assertThat(client.headers("X-Query")).containsExactly("off=100%&%zz");
      assertThat(client.read().code()).isEqualTo(1000);
    }
  }

  private static ConnectionScope connection(Scope scope) {
    return ((WebSocketScope) scope).connection();
  }

  @Test
  void aMountIsTheRootPath() throws Exception {
    Calls calls = calls();
    CompletableFuture<RawHttp.Response> response =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return RawHttp.exchange(port(), RawWebSocket.handshake("/app/a%20b"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    Call call = calls.next();
    assertThat(call.scope().connection().rootPath()).isEqualTo("/app");
    assertThat(call.scope().connection().path()).isEqualTo("/app/a b");
    call.close(1000, "");
    assertThat(get(response).status()).isEqualTo(403);
  }
}
