package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.server.GatewayBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hundreds of clients that send or read slowly, and one worker with one thread: they hold neither
 * it nor a thread of the server, and leave nothing behind.
 */
@EnabledOnOs(OS.LINUX)
public abstract class SlowClientConformance extends EmbeddedPythonTest {

  private static final int CLIENTS = 200;
  private static final int ROUNDS = 5;

  private static final int AT_A_TIME = 10;

  /** Far fewer than there are clients. */
  private static final int BUSY_THREADS = 10;

  private static final int RESPONSE = 300_000;

  /** The kernel is not to read in the client's place; servers take this for what they send. */
  protected static final int KERNEL_BUFFER = 4096;

  private static final Duration AT_ONCE = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final List<RawHttp> clients = new ArrayList<>();
  private Map<String, Long> before;

  @BeforeEach
  void countBefore() throws Exception {
    othersAreAnsweredAtOnce();
    before = Leftovers.count(application().workerPids());
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    leave();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(application().requestsInHand()).isZero();
              assertThat(Leftovers.count(application().workerPids())).isEqualTo(before);
            });
  }

  private void leave() throws Exception {
    for (RawHttp client : clients) {
      client.reset();
    }
    clients.clear();
  }

  /** A builder whose connections have send buffers of {@link #KERNEL_BUFFER}. */
  @Override
  protected abstract GatewayBuilder<?> builder();

  /**
   * A container's pool may grow when many clients act at the same moment. What counts is that its
   * threads are idle again while the clients are still there.
   */
  private static void noThreadIsHeld() {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(threadsAtRequests()).hasSizeLessThan(BUSY_THREADS));
  }

  /** Threads of the container that are in a servlet, or wait there for a client. */
  private static List<String> threadsAtRequests() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Thread.currentThread()))
        .filter(entry -> !entry.getKey().getName().startsWith("gangway-"))
        .filter(
            entry ->
                Arrays.stream(entry.getValue())
                    .anyMatch(frame -> frame.getClassName().startsWith("dev.gangway.servlet.")))
        .map(entry -> entry.getKey().getName())
        .toList();
  }

  private void othersAreAnsweredAtOnce() throws Exception {
    long begin = System.nanoTime();
    assertThat(get("/hello").status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
  }

  private interface Action {
    void run(RawHttp client) throws Exception;
  }

  /** Other clients ask between them, as the slow ones do not act all in the same moment. */
  private void each(Action action) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      action.run(clients.get(i));
      if (i % AT_A_TIME == 0) {
        othersAreAnsweredAtOnce();
      }
    }
  }

  private void connect(int receiveBuffer) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(RawHttp.connect(port(), receiveBuffer));
    }
  }

  @Test
  void slowSendersHoldNothing() throws Exception {
    connect(0);
    String head = head("POST", "/echo", "Content-Length: " + (ROUNDS + 1)) + "\r\n";
    each(client -> client.send(head));
    for (int round = 0; round < ROUNDS; round++) {
      each(client -> client.send("x"));
      noThreadIsHeld();
    }
    for (RawHttp client : clients) {
      client.send("!");
      assertThat(client.read().text()).isEqualTo("x".repeat(ROUNDS) + "!");
    }
  }

  @Test
  void waitingClientsHoldNothingAndAreNotAnsweredWhenTheyLeave(@TempDir Path folder)
      throws Exception {
    Path gate = folder.resolve("gate");
    try (RawHttp busy = RawHttp.connect(port())) {
      busy.send(head("GET", "/computes?busy=" + gate) + "\r\n");
      await().atMost(SOON).until(() -> application().snapshot().running() == 1);
      connect(0);
      String head = head("GET", "/computes?waiting=" + gate) + "\r\n";
      for (RawHttp client : clients) {
        client.send(head);
      }
      await().atMost(SOON).until(() -> application().requestsInHand() == 1 + CLIENTS);
      noThreadIsHeld();
      leave();
      await().atMost(SOON).until(() -> application().requestsInHand() == 1);
      assertThat(application().snapshot().running()).isEqualTo(1);
      Files.createFile(gate);
      assertThat(busy.read().status()).isEqualTo(200);
    }
  }

  @Test
  void slowReadersHoldNothing() throws Exception {
    connect(KERNEL_BUFFER);
    String head = head("GET", "/large?" + RESPONSE) + "\r\n";
    each(client -> client.send(head));
    for (int round = 0; round < ROUNDS; round++) {
      each(RawHttp::peek);
      noThreadIsHeld();
    }
    assertThat(Leftovers.descriptors(ProcessHandle.current().pid(), "/response-"))
        .as("responses that are still being read")
        .isGreaterThan(CLIENTS / 2);
    for (RawHttp client : clients.subList(0, 10)) {
      assertThat(client.read().text()).isEqualTo("x".repeat(RESPONSE));
    }
  }
}
