package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSetting;
import dev.gangway.python.PythonStartException;
import dev.gangway.server.Gateway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Workers that are killed, applications that fail and clients that leave: the right answer, and
 * nothing is left behind, which is counted before and after each test.
 */
@EnabledOnOs(OS.LINUX)
public abstract class FaultConformance extends EmbeddedPythonTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private Map<String, Long> before;

  /** Whether the application runs while a body arrives. */
  boolean streams() {
    return false;
  }

  @Override
  PythonMount mount() {
    return super.mount().with(PythonSetting.REQUEST_BUFFERING, streams() ? "off" : "on");
  }

  @BeforeEach
  void countBefore() throws Exception {
    awaitOneWorker();
    assertThat(get("/hello").status()).isEqualTo(200);
    before = Leftovers.count(application().workerPids());
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    assertThat(get("/hello").status()).isEqualTo(200);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(application().requestsInHand()).isZero();
              assertThat(Leftovers.count(application().workerPids())).isEqualTo(before);
            });
  }

  private void awaitOneWorker() {
    await().atMost(SOON).until(() -> application().workerPids().size() == 1);
  }

  private void awaitAnotherWorkerThan(long worker) {
    await()
        .atMost(SOON)
        .until(
            () ->
                application().workerPids().size() == 1
                    && !application().workerPids().contains(worker));
  }

  private long worker() {
    return application().workerPids().get(0);
  }

  @Test
  void aWorkerThatIsKilledWhileItAnswersGives502() throws Exception {
    for (String target : List.of("/dies", "/exits")) {
      long worker = worker();
      try (LogCapture log = LogCapture.of("dev.gangway.python")) {
        assertThat(get(target).status()).isEqualTo(502);
        String how = target.equals("/dies") ? "signal 9" : "code 7";
        await().atMost(SOON).until(() -> formatted(log).contains(how));
        assertThat(formatted(log)).contains("GET " + target);
      }
      awaitAnotherWorkerThan(worker);
    }
  }

  private static String formatted(LogCapture log) {
    StringBuilder all = new StringBuilder();
    java.util.logging.SimpleFormatter formatter = new java.util.logging.SimpleFormatter();
    log.records().forEach(record -> all.append(formatter.format(record)));
    return all.toString();
  }

  @RepeatedTest(3) // with luck it dies before the container has sent the head
  void aWorkerThatIsKilledInMidResponseBreaksTheConnection() throws Exception {
    long worker = worker();
    RawHttp.Response response = get("/dies_streaming");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.isComplete()).isFalse();
    awaitAnotherWorkerThan(worker);
  }

  @Test
  void anIdleWorkerThatIsKilledIsReplaced() throws Exception {
    for (int i = 0; i < 3; i++) {
      long worker = worker();
      assertThat(ProcessHandle.of(worker).orElseThrow().destroyForcibly()).isTrue();
      awaitAnotherWorkerThan(worker);
      assertThat(get("/hello").status()).isEqualTo(200);
    }
  }

  @Test
  void failuresOfTheApplicationKeepTheWorker() throws Exception {
    long worker = worker();
    assertThat(get("/leaves").status()).isEqualTo(500);
    assertThat(get("/interrupted").status()).isEqualTo(500);
    assertThat(get("/text").status()).isEqualTo(500);
    assertThat(get("/raises_later").isComplete()).isFalse();
    assertThat(worker()).isEqualTo(worker);
  }

  @Test
  void aClientThatLeavesInMidUploadLeavesNothing() throws Exception {
    for (int i = 0; i < 10; i++) {
      try (RawHttp http = RawHttp.connect(port())) {
        http.send(head("POST", "/echo_in_parts", "Content-Length: 1000000") + "\r\n");
        http.send("x".repeat(300_000));
        http.reset();
      }
      try (RawHttp http = RawHttp.connect(port())) {
        http.send(head("POST", "/echo_in_parts", "Transfer-Encoding: chunked") + "\r\n");
        http.send("10000\r\n" + "x".repeat(65_536) + "\r\n10000\r\nhalf");
        http.reset();
      }
    }
  }

  @Test
  void aClientThatLeavesInMidDownloadClosesTheBodyOnce() throws Exception {
    String kind = streams() ? "streams" : "buffers";
    for (int i = 0; i < 10; i++) {
      try (RawHttp http = RawHttp.connect(port())) {
        http.send(head("GET", "/closing?endless-" + kind + i) + "\r\n");
        http.readByte();
        http.reset();
      }
      awaitCloses(kind + i, 1);
      assertThat(closes(kind + i)).isEqualTo(1);
    }
  }

  @Test
  void aClientThatLeavesASlowStreamOfSmallChunksClosesTheBodyOnce() throws Exception {
    String name = streams() ? "streamsdrops" : "buffersdrops";
    try (RawHttp http = RawHttp.connect(port())) {
      http.send(head("GET", "/closing?dripping-" + name) + "\r\n");
      assertThat(http.readHead().status()).isEqualTo(200);
      http.reset();
    }
    awaitCloses(name, 1);
    assertThat(closes(name)).isEqualTo(1);
  }

  @Test
  void aClientThatLeavesWhileAFileIsSentLeavesNothing() throws Exception {
    Path file = Files.createTempFile("large", ".bin");
    try {
      Files.write(file, new byte[30_000_000]);
      for (int i = 0; i < 10; i++) {
        try (RawHttp http = RawHttp.connect(port())) {
          http.send(head("GET", "/file?" + file) + "\r\n");
          http.readByte();
          http.reset();
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  /** What fits the response's buffer need not fit the connection's. */
  @Test
  void aClientThatReadsNothingHoldsUpNobody() throws Exception {
    try (RawHttp deaf = RawHttp.connect(port())) {
      for (int i = 0; i < 1000; i++) {
        deaf.send(head("GET", "/large?30000") + "\r\n");
      }
      // Until the connection takes no more: the worker has nothing to do.
      AtomicLong answered = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                assertThat(get("/hello").status()).isEqualTo(200);
                long now = application().snapshot().answered();
                return answered.getAndSet(now) == now - 1;
              });
      assertThat(get("/hello").status()).isEqualTo(200);
      deaf.reset();
    }
  }

  @Test
  void closingEndsEveryProcessAndLeavesNothing() throws Exception {
    PythonApplication other =
        Pythons.fixture("application").workers(2).gracefulTimeout(Duration.ofSeconds(1)).start();
    assertThat(other.workerPids()).hasSize(2);
    other.close();
    assertThat(other.workerPids()).isEmpty();
  }

  @Test
  void anApplicationThatFailsAtImportLeavesNothing() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> Pythons.fixture("fails_at_import:application").start())
          .isInstanceOf(PythonStartException.class)
          .hasMessageContaining("Traceback")
          .hasMessageContaining("fails on purpose");
    }
  }

  @Test
  void closingEndsWhatTheApplicationHasStarted() throws Exception {
    long grandchild;
    try (Gateway server =
        builder()
            .bind("127.0.0.1:0")
            .mount("/", Pythons.fixture("with_grandchild").start())
            .start()) {
      RawHttp.Response response =
          RawHttp.exchange(server.port(), head("GET", "/", "Connection: close") + "\r\n");
      grandchild = Long.parseLong(response.text());
      assertThat(isAlive(grandchild)).isTrue();
    }
    await().atMost(SOON).until(() -> !isAlive(grandchild));
  }

  private static boolean isAlive(long process) {
    return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
  }
}
