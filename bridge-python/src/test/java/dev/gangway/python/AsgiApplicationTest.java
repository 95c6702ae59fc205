package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.Header;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AsgiApplicationTest {

  private static final Path FIXTURES = Path.of("src/test/python").toAbsolutePath();

  private static PythonApplication application;

  private CapturedLog log;

  static PythonApplication.Builder fixture(String name) {
    return PythonApplication.builder("asgi_fixtures:" + name).chdir(FIXTURES).workers(1);
  }

  @BeforeAll
  static void start() throws Exception {
    application = fixture("application").gracefulTimeout(Duration.ofSeconds(2)).start();
  }

  @AfterAll
  static void stop() {
    application.close();
    assertThat(application.workerPids()).isEmpty();
  }

  @BeforeEach
  void listen() {
    log = CapturedLog.of("");
  }

  @AfterEach
  void leaveNothing() {
    log.close();
    await().until(() -> application.requestsInHand() == 0);
  }

  private void awaitLog(String text) {
    await().until(() -> log.messages().stream().anyMatch(message -> message.contains(text)));
  }

  private static AsgiCall get(String path) throws Exception {
    return AsgiCall.get(application, path);
  }

  @Test
  void answers() throws Exception {
    AsgiCall call = get("/hello");
    assertThat(call.failure()).isZero();
    assertThat(call.sent().get(0))
        .isEqualTo(
            new SendEvent.HttpResponseStart(
                200, List.of(new Header("content-type", "text/plain"))));
    assertThat(call.sent()).hasSize(2);
    assertThat(call.body()).isEqualTo("hello");
  }

  @Test
  void theScopeIsThatOfTheSpecification() throws Exception {
    assertThat(get("/show_scope?a=b%20c").body().lines())
        .contains(
            "type='http'",
            "asgi={'version': '3.0', 'spec_version': '2.5'}",
            "http_version='1.1'",
            "method='GET'",
            "scheme='http'",
            "path='/mount/show_scope'",
            "raw_path=b'/mount/show_scope'",
            "query_string=b'a=b%20c'",
            "root_path='/mount'",
            "headers=[(b'host', b'localhost'), (b'x-odd', b'\\xff')]",
            "client=('192.0.2.1', 4711)",
            "server=('localhost', 80)",
            "extensions={'http.response.pathsend': {}}",
            "gangway.remote_user='J\u00c3\u00b6rg'")
        .anyMatch(line -> line.startsWith("gangway.request_id='"));
  }

  @Test
  void bodiesArriveWhole() throws Exception {
    AsgiCall call = new AsgiCall();
    call.begin(application, AsgiCall.http("POST", "/echo"));
    call.body("one", true);
    call.body("", true);
    call.body("two", false);
    assertThat(call.finish().body()).isEqualTo("onetwo");
  }

  @Test
  void nothingIsAskedForBeyondTheWindow() throws Exception {
    AsgiCall call = new AsgiCall();
    for (int i = 0; i < 100; i++) {
      call.body("x".repeat(100_000), i < 99);
    }
    call.begin(application, AsgiCall.http("POST", "/waits_for_disconnect"));
    awaitLog("waiting");
    assertThat(call.finishIn(5)).isFalse();
    assertThat(call.left()).isZero();
    call.give(new ReceiveEvent.HttpDisconnect());
    call.finish();
    AsgiCall unread = new AsgiCall();
    for (int i = 0; i < 100; i++) {
      unread.body("x".repeat(100_000), i < 99);
    }
    unread.begin(application, AsgiCall.http("POST", "/slow"));
    assertThat(unread.finish().body()).isEqualTo("slow");
    assertThat(unread.left()).isGreaterThan(90);
  }

  @Test
  void aLargeBodyIsCountedByTheApplication() throws Exception {
    AsgiCall call = new AsgiCall();
    for (int i = 0; i < 100; i++) {
      call.body("x".repeat(100_000), i < 99);
    }
    call.begin(application, AsgiCall.http("POST", "/count"));
    assertThat(call.finish().body()).isEqualTo("http.request 10000000");
  }

  @Test
  void aResponseInPartsStaysInParts() throws Exception {
    AsgiCall call = get("/parts");
    assertThat(call.body()).isEqualTo("onetwosix");
    assertThat(call.sent()).hasSize(5);
    assertThat(get("/large").body()).hasSize(1_000_000);
  }

  @Test
  void anApplicationWaitsForASlowClient() throws Exception {
    AsgiCall call = new AsgiCall().hold(); // from the first event on
    call.body("", false);
    call.begin(application, AsgiCall.http("GET", "/endless"));
    awaitLog("sent 262144");
    await()
        .during(Duration.ofMillis(300))
        .until(() -> log.messages().stream().noneMatch(it -> it.contains("sent 1048576")));
    call.give(new ReceiveEvent.HttpDisconnect());
    awaitLog("endless ended with ClientDisconnected");
    call.release();
    assertThat(call.finish().failure()).isZero();
  }

  @Test
  void theApplicationSeesThatTheClientLeaves() throws Exception {
    AsgiCall call = AsgiCall.open(application, "/waits_for_disconnect");
    awaitLog("waiting");
    call.give(new ReceiveEvent.HttpDisconnect());
    awaitLog("disconnect seen");
    call.finish();
  }

  @Test
  void manyRequestsAreInHandOfOneWorker() throws Exception {
    List<AsgiCall> calls = new java.util.ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(AsgiCall.open(application, "/slow?2"));
    }
    assertThat(application.requestsInHand()).isGreaterThan(100);
    for (AsgiCall call : calls) {
      assertThat(call.finish().body()).isEqualTo("slow");
    }
  }

  @Test
  void failuresAreLoggedAndTold() throws Exception {
    assertThat(get("/fails").failure()).isEqualTo(500);
    awaitLog("provoked by the test");
    AsgiCall midway = get("/fails_midway");
    assertThat(midway.failure()).isEqualTo(500);
    assertThat(midway.body()).isEqualTo("begun");
    assertThat(get("/exits").failure()).isEqualTo(500);
    assertThat(get("/silent").sent()).isEmpty();
    assertThat(get("/twice").body()).isEqualTo("first");
    awaitLog("refused: unexpected 'http.response.start': the response is complete");
    assertThat(get("/bad_header").body()).startsWith("refused: ");
  }

  @Test
  void theStateOfTheLifespanIsCopiedForEachRequest() throws Exception {
    assertThat(get("/state").body()).isEqualTo("started once ['own', 'started']");
    assertThat(get("/state").body()).isEqualTo("started once ['own', 'started']");
  }

  @Test
  void contextVariablesAreARequestsOwn() throws Exception {
    assertThat(get("/context").body()).isEqualTo("unset");
    assertThat(get("/context").body()).isEqualTo("unset");
  }

  @Test
  void theApplicationGoesOnAfterItsAnswer() throws Exception {
    AsgiCall call = AsgiCall.open(application, "/background");
    await().until(() -> call.body().equals("answered"));
    assertThat(call.isDone()).isFalse();
    call.finish();
    awaitLog("background done");
  }

  @Test
  void aFileIsNamed() throws Exception {
    assertThat(get("/sends_file").await(SendEvent.HttpResponsePathsend.class).path())
        .isEqualTo(FIXTURES.resolve("asgi_fixtures.py"));
  }

  @Test
  void aWebSocketEchoes() throws Exception {
    AsgiCall call = AsgiCall.webSocket(application, "/ws_echo", "chat", "other");
    assertThat(call.await(SendEvent.WebSocketAccept.class).subprotocol()).isEqualTo("chat");
    call.text("h\u00e9llo");
    call.text("");
    await().until(() -> call.texts().equals(List.of("h\u00e9llo", "")));
    call.text("close");
    assertThat(call.await(SendEvent.WebSocketClose.class))
        .isEqualTo(new SendEvent.WebSocketClose(4001, "as you wish"));
    call.give(new ReceiveEvent.WebSocketDisconnect(4001, "as you wish"));
    call.finish();
    awaitLog("websocket closed with 4001 as you wish");
  }

  @Test
  void aWebSocketIsDenied() throws Exception {
    AsgiCall call = AsgiCall.webSocket(application, "/ws_denies").finish();
    assertThat(call.sent()).containsExactly(new SendEvent.WebSocketClose(1000, ""));
  }

  @Test
  void aClientThatDoesNotReadHoldsItsApplication() throws Exception {
    AsgiCall call = new AsgiCall().hold(); // from the first event on
    call.handshake(application, "/ws_floods");
    awaitLog("flooded 200");
    await()
        .during(Duration.ofMillis(300))
        .until(() -> log.messages().stream().noneMatch(it -> it.contains("flooded 1000")));
    call.give(new ReceiveEvent.WebSocketDisconnect(1006, ""));
    call.release();
    call.finish();
  }

  @Test
  void whatAnApplicationLeavesBehindHarmsNobody() throws Exception {
    List<Long> before = application.workerPids();
    assertThat(get("/leaves_a_task").sent()).isEmpty();
    awaitLog("too late");
    awaitLog("left alone");
    assertThat(get("/hello").body()).isEqualTo("hello");
    assertThat(application.workerPids()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "/overflows, it sent more than the window of a stream",
    "/grants, it has taken 2147483647 bytes of 0"
  })
  void aWorkerThatBreaksTheProtocolIsReplaced(String path, String why) throws Exception {
    try (PythonApplication own = fixture("application").start()) {
      AsgiCall call = new AsgiCall().hold();
      call.give(new ReceiveEvent.HttpRequest(ByteBuffer.allocate(0), false));
      call.begin(own, AsgiCall.http("GET", path));
      assertThat(call.finish().failure()).isEqualTo(502);
      call.release();
      awaitLog(why);
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
    }
  }

  @Test
  void whatFailsAfterTheAnswerIsLogged() throws Exception {
    assertThat(get("/fails_late").body()).isEqualTo("answered");
    awaitLog("provoked after the answer");
  }

  @Test
  void aRequestThatIsCancelledAtOnceLeavesNothing() throws Exception {
    try (PythonApplication own = fixture("application").limitRequestBody(1000).start()) {
      for (int i = 0; i < 50; i++) {
        AsgiCall call = new AsgiCall();
        call.body("x".repeat(2000), false);
        call.begin(own, AsgiCall.http("POST", "/echo"));
        assertThat(call.finish().failure()).isEqualTo(413);
      }
      await().until(() -> own.requestsInHand() == 0);
    }
  }

  @Test
  void timeThatTheClientTakesDoesNotCount() throws Exception {
    try (PythonApplication own = fixture("application").timeout(Duration.ofSeconds(1)).start()) {
      AsgiCall upload = new AsgiCall();
      upload.begin(own, AsgiCall.http("POST", "/echo"));
      upload.body("one", true);
      AsgiCall events = AsgiCall.open(own, "/slow_start");
      assertThat(upload.finishIn(20)).isFalse();
      upload.body("two", false);
      assertThat(upload.finish().body()).isEqualTo("onetwo");
      assertThat(events.finish().body()).isEqualTo("late");
    }
  }

  @Test
  void aReloadDoesNotExchangeTheContract(@TempDir Path folder) throws Exception {
    Path module = folder.resolve("changing.py");
    Files.writeString(module, "from asgi_fixtures import application\n");
    try (PythonApplication own =
        PythonApplication.builder("changing")
            .chdir(folder)
            .pythonpath(List.of(FIXTURES))
            .workers(1)
            .start()) {
      Files.writeString(module, "def application(environ, start_response):\n    return []\n");
      assertThatThrownBy(own::reload)
          .isInstanceOf(PythonStartException.class)
          .hasMessageContaining("speaks another contract than before");
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
    }
  }

  @Test
  void aWorkerThatDiesGives502AndIsReplaced() throws Exception {
    try (PythonApplication own = fixture("application").start()) {
      assertThat(AsgiCall.get(own, "/dies").failure()).isEqualTo(502);
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
    }
  }

  @Test
  void whatDoesNotBeginToAnswerIsCancelledAndTheWorkerStays() throws Exception {
    try (PythonApplication own = fixture("application").timeout(Duration.ofMillis(500)).start()) {
      List<Long> before = own.workerPids();
      assertThat(AsgiCall.get(own, "/never").failure()).isEqualTo(504);
      awaitLog("never ended with CancelledError");
      awaitLog("in never");
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
      assertThat(own.workerPids()).isEqualTo(before);
    }
  }

  @Test
  void aWorkerWhoseLoopIsBlockedIsReplaced() throws Exception {
    try (PythonApplication own = fixture("application").timeout(Duration.ofMillis(1500)).start()) {
      List<Long> before = own.workerPids();
      assertThat(AsgiCall.get(own, "/blocks").failure()).isEqualTo(504);
      awaitLog("whose event loop is blocked");
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> !own.workerPids().isEmpty() && !own.workerPids().equals(before));
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
    }
  }

  @Test
  void aReloadLosesNoRequestAndClosesWebSockets() throws Exception {
    try (PythonApplication own = fixture("application").start()) {
      AsgiCall slow = AsgiCall.open(own, "/slow?1");
      AsgiCall socket = AsgiCall.webSocket(own, "/ws_echo");
      socket.await(SendEvent.WebSocketAccept.class);
      String before = AsgiCall.get(own, "/pid").body();
      own.reload();
      assertThat(AsgiCall.get(own, "/pid").body()).isNotEqualTo(before);
      assertThat(slow.finish().body()).isEqualTo("slow");
      assertThat(socket.await(SendEvent.WebSocketClose.class).code()).isEqualTo(1012);
      awaitLog("websocket closed with 1012 The server restarts");
      awaitLog("lifespan shut down");
    }
  }

  @Test
  void closingWaitsForRequestsAndEndsTheLifespan() throws Exception {
    PythonApplication own = fixture("application").start();
    AsgiCall slow = AsgiCall.open(own, "/slow?0.5");
    own.close();
    assertThat(slow.isDone()).isTrue();
    assertThat(slow.body()).isEqualTo("slow");
    awaitLog("lifespan shut down");
    assertThat(own.workerPids()).isEmpty();
  }

  @Test
  void anApplicationNeedsNoLifespan() throws Exception {
    try (PythonApplication own = fixture("without_lifespan").start()) {
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
    }
  }

  @Test
  void aFailingStartupOrRehearsalFailsTheStart() {
    assertThatThrownBy(() -> fixture("does_not_start").start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("the database is on holiday");
    assertThatThrownBy(() -> fixture("unfit").rehearsal("/health").start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("GET /health was answered with 500");
  }

  @Test
  void aPreloadedApplicationServes() throws Exception {
    try (PythonApplication own = fixture("application").workers(2).preload(true).start()) {
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
      assertThat(AsgiCall.get(own, "/state").body()).startsWith("started once");
    }
  }

  @Test
  void theTypeCanBeSaid() throws Exception {
    try (PythonApplication own = fixture("application").applicationType("asgi").start()) {
      assertThat(AsgiCall.get(own, "/hello").body()).isEqualTo("hello");
    }
    assertThatThrownBy(() -> fixture("application").applicationType("cgi").start())
        .hasMessageContaining("application-type must be auto, wsgi or asgi");
  }
}
