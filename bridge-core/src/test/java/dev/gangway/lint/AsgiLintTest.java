package dev.gangway.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.ClientDisconnectedException;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.LifespanScope;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.WebSocketScope;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AsgiLintTest {

  private static final SendEvent OK = start(200);
  private static final SendEvent PART = body("a", true);
  private static final SendEvent LAST = body("b", false);
  private static final SendEvent ACCEPT = new SendEvent.WebSocketAccept(null, List.of());
  private static final SendEvent TEXT = new SendEvent.WebSocketSend(null, "text");
  private static final ReceiveEvent DISCONNECT = new ReceiveEvent.HttpDisconnect();
  private static final ReceiveEvent END =
      new ReceiveEvent.HttpRequest(ByteBuffer.allocate(0), false);

  private final AsgiLint lint = new AsgiLint();
  private final Queue<ReceiveEvent> toReceive = new ArrayDeque<>();
  private CompletionStage<Void> answer = CompletableFuture.completedFuture(null);

  private static SendEvent start(int status, Header... headers) {
    return new SendEvent.HttpResponseStart(status, List.of(headers));
  }

  private static SendEvent body(String text, boolean more) {
    return new SendEvent.HttpResponseBody(
        ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)), more);
  }

  private static ConnectionScope connection(String scheme, String path, Header... headers) {
    return new ConnectionScope(
        "1.1", scheme, path, path, "", "", List.of(headers), null, null, null, Map.of());
  }

  private static HttpScope http(ConnectionScope connection) {
    return new HttpScope(connection, "GET", new HashMap<>(), Set.of());
  }

  private static Scope scope(String type) {
    return switch (type) {
      case "http" -> http(connection("http", "/"));
      case "websocket" ->
          new WebSocketScope(
              connection("ws", "/"), List.of("chat"), new HashMap<>(), Set.of("none"));
      default -> new LifespanScope(new HashMap<>());
    };
  }

  private void call(Scope scope, AsgiApplication application) throws Exception {
    lint.wrap(application)
        .call(scope, () -> CompletableFuture.completedFuture(toReceive.remove()), event -> answer)
        .exceptionally(failure -> null);
  }

  /** Receives what there is, then sends, and returns when nothing failed. */
  private static AsgiApplication script(int receives, SendEvent... events) {
    return (scope, receive, send) -> {
      CompletionStage<?> last = CompletableFuture.completedStage(null);
      for (int i = 0; i < receives; i++) {
        last = last.thenCompose(nothing -> receive.receive());
      }
      for (SendEvent event : events) {
        last = last.thenCompose(nothing -> send.send(event));
      }
      return last.thenApply(nothing -> null);
    };
  }

  static Stream<Arguments> mistakesOfApplications() {
    return Stream.of(
        Arguments.of("http", Rule.ASGI_ORDER, List.of(PART)),
        Arguments.of("http", Rule.ASGI_ORDER, List.of(OK, OK)),
        Arguments.of("http", Rule.ASGI_ORDER, List.of(OK, LAST, LAST)),
        Arguments.of("http", Rule.ASGI_ORDER, List.of(ACCEPT)),
        Arguments.of("http", Rule.ASGI_END, List.of(OK)),
        Arguments.of("http", Rule.ASGI_END, List.of(OK, PART)),
        Arguments.of("http", Rule.ASGI_HEAD, List.of(start(20))),
        Arguments.of("http", Rule.ASGI_HEAD, List.of(start(200, new Header("X-A", "b")))),
        Arguments.of("http", Rule.ASGI_HEAD, List.of(start(200, new Header("upgrade", "b")))),
        Arguments.of(
            "http", Rule.ASGI_LENGTH, List.of(start(200, new Header("content-length", "2")), LAST)),
        Arguments.of(
            "http",
            Rule.ASGI_LENGTH,
            List.of(start(200, new Header("content-length", "1")), PART, LAST)),
        Arguments.of(
            "http",
            Rule.ASGI_EXTENSIONS,
            List.of(OK, new SendEvent.HttpResponsePathsend(java.nio.file.Path.of("/a")))),
        Arguments.of(
            "http",
            Rule.ASGI_EXTENSIONS,
            List.of(new SendEvent.HttpResponseStart(200, List.of(), true))),
        Arguments.of("websocket", Rule.ASGI_ORDER, List.of(TEXT)),
        Arguments.of("websocket", Rule.ASGI_ORDER, List.of(ACCEPT, ACCEPT)),
        Arguments.of(
            "websocket",
            Rule.ASGI_ORDER,
            List.of(new SendEvent.WebSocketAccept("other", List.of()))),
        Arguments.of(
            "websocket",
            Rule.ASGI_MESSAGE,
            List.of(ACCEPT, new SendEvent.WebSocketSend(null, null))),
        Arguments.of(
            "websocket", Rule.ASGI_MESSAGE, List.of(new SendEvent.WebSocketClose(1006, ""))),
        Arguments.of(
            "websocket",
            Rule.ASGI_EXTENSIONS,
            List.of(new SendEvent.WebSocketHttpResponseStart(200, List.of()))),
        Arguments.of("websocket", Rule.ASGI_END, List.of()),
        Arguments.of(
            "lifespan", Rule.ASGI_ORDER, List.of(new SendEvent.LifespanShutdownComplete())));
  }

  @ParameterizedTest
  @MethodSource("mistakesOfApplications")
  void reportsMistakesOfApplications(String type, Rule rule, List<SendEvent> events)
      throws Exception {
    call(scope(type), script(0, events.toArray(new SendEvent[0])));
    assertThatThrownBy(lint::check)
        .isInstanceOfSatisfying(
            ContractException.class, breach -> assertThat(breach.rule()).isEqualTo(rule));
  }

  static Stream<Arguments> whatIsRight() {
    return Stream.of(
        Arguments.of("http", List.of(OK, PART, LAST)),
        Arguments.of(
            "http",
            List.of(
                start(
                    200,
                    new Header("connection", "close"),
                    new Header("transfer-encoding", "chunked")),
                LAST)),
        Arguments.of("websocket", List.of(ACCEPT, TEXT, new SendEvent.WebSocketClose(3000, "bye"))),
        Arguments.of("websocket", List.of(new SendEvent.WebSocketClose(1000, ""))),
        Arguments.of("lifespan", List.of(new SendEvent.LifespanStartupComplete())));
  }

  @ParameterizedTest
  @MethodSource("whatIsRight")
  void isSilentAboutWhatIsRight(String type, List<SendEvent> events) throws Exception {
    call(scope(type), script(0, events.toArray(new SendEvent[0])));
    assertThatCode(lint::check).doesNotThrowAnyException();
  }

  private void receives(String type, ReceiveEvent... events) throws Exception {
    toReceive.addAll(Arrays.asList(events));
    call(scope(type), script(events.length));
  }

  private void assertBroken(Rule rule) {
    assertThatThrownBy(lint::check)
        .isInstanceOfSatisfying(
            ContractException.class, breach -> assertThat(breach.rule()).isEqualTo(rule));
  }

  @Test
  void reportsAPartAfterTheLast() throws Exception {
    receives("http", END, END);
    assertBroken(Rule.ASGI_RECEIVED);
  }

  @Test
  void reportsAPartAfterTheDisconnect() throws Exception {
    receives("http", DISCONNECT, END);
    assertBroken(Rule.ASGI_RECEIVED);
  }

  @Test
  void reportsAMessageBeforeTheConnect() throws Exception {
    receives("websocket", new ReceiveEvent.WebSocketReceive(null, "x"));
    assertBroken(Rule.ASGI_RECEIVED);
  }

  @Test
  void reportsAShutdownWithoutAStartup() throws Exception {
    receives("lifespan", new ReceiveEvent.LifespanShutdown());
    assertBroken(Rule.ASGI_RECEIVED);
  }

  @Test
  void letsAnApplicationLeaveWithTheClient() throws Exception {
    receives("http", END, DISCONNECT, DISCONNECT);
    lint.check();
  }

  @Test
  void letsTheServerRefuseWhatNobodyCanReceive() throws Exception {
    answer = CompletableFuture.failedFuture(new ClientDisconnectedException("left"));
    call(scope("http"), script(0, OK));
    lint.check();
  }

  @Test
  void reportsAServerThatRefusesWhatIsRight() throws Exception {
    answer = CompletableFuture.failedFuture(new IllegalStateException("no"));
    call(scope("http"), script(0, OK));
    assertBroken(Rule.ASGI_TAKEN);
  }

  @Test
  void reportsCallsBesideOthers() throws Exception {
    answer = new CompletableFuture<>();
    call(
        scope("http"),
        (scope, receive, send) -> {
          CompletionStage<Void> first = send.send(OK);
          return send.send(PART).thenCompose(sent -> first);
        });
    assertBroken(Rule.ASGI_ONE_AT_A_TIME);
  }

  static Stream<Arguments> mistakesInScopes() {
    return Stream.of(
        Arguments.of(Rule.ASGI_SCOPE, http(connection("ws", "/"))),
        Arguments.of(Rule.ASGI_SCOPE, http(connection("http", "a"))),
        Arguments.of(Rule.ASGI_SCOPE_HEADERS, http(connection("http", "/", new Header("A", "")))),
        Arguments.of(Rule.ASGI_SCOPE_HEADERS, http(connection("http", "/", new Header("a_b", "")))),
        Arguments.of(
            Rule.ASGI_STATE, new HttpScope(connection("http", "/"), "GET", Map.of(), Set.of())));
  }

  @ParameterizedTest
  @MethodSource("mistakesInScopes")
  void reportsMistakesInScopes(Rule rule, Scope scope) {
    assertThatThrownBy(() -> call(scope, script(0))).isInstanceOf(ContractException.class);
    assertBroken(rule);
  }
}
