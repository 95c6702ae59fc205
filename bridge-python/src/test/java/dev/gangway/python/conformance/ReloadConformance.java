package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import dev.gangway.python.PythonStartException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Reloads under load, as often as {@code -Dgangway.test.reloads} says: 100 times by default, and
 * fewer where the build runs the same with another version of the container.
 */
@EnabledOnOs(OS.LINUX)
public abstract class ReloadConformance extends EmbeddedPythonTest {

  private static final int WORKERS = 2;
  private static final Duration SOON = Duration.ofSeconds(20);

  /** What clients ask for in turn: a target, the size of the request's body, of the response's. */
  private record Request(String target, int body, int length) {}

  private static final List<Request> REQUESTS =
      List.of(
          new Request("/large?20", 0, 20),
          new Request("/echo", 50, 50),
          new Request("/large?200000", 0, 200_000),
          new Request("/sleeps?0.01", 0, 5),
          new Request("/echo", 150_000, 150_000));

  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong answers = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Override
  PythonMount mount() {
    return super.mount()
        .with(PythonSetting.WORKERS, Integer.toString(WORKERS))
        .with(PythonSetting.REHEARSAL, "/hello");
  }

  /** One client with one connection, which the server must never close. */
  private void ask() {
    try (RawHttp http = RawHttp.connect(port())) {
      for (int i = 0; !stopped.get(); i++) {
        Request request = REQUESTS.get(i % REQUESTS.size());
        http.send(
            head(
                    request.body > 0 ? "POST" : "GET",
                    request.target,
                    "Content-Length: " + request.body)
                + "\r\n"
                + "x".repeat(request.body));
        RawHttp.Response response = http.read();
        if (response.status() != 200
            || !response.isComplete()
            || response.text().length() != request.length) {
          failures.add(request + ": " + response.status() + " " + response.ending());
          return;
        }
        answers.incrementAndGet();
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  private Map<String, Long> leftovers() throws IOException {
    assertThat(application().workerPids()).hasSize(WORKERS);
    assertThat(application().requestsInHand()).isZero();
    return Leftovers.count(application().workerPids());
  }

  /** What there is when all of the workers that were replaced is gone, also their files. */
  private Map<String, Long> settled() {
    AtomicReference<Map<String, Long>> last = new AtomicReference<>();
    await()
        .during(Duration.ofSeconds(1))
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Map<String, Long> now = leftovers();
              assertThat(now).isEqualTo(last.getAndSet(now));
            });
    return last.get();
  }

  private void reloadUnderLoad(int times) {
    stopped.set(false);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread client = new Thread(this::ask, "client-" + i);
      client.start();
      clients.add(client);
    }
    try {
      for (int i = 0; i < times; i++) {
        long sofar = answers.get();
        List<Long> old = application().workerPids();
        application().reload();
        assertThat(application().workerPids()).isNotEqualTo(old);
        await().atMost(SOON).until(() -> answers.get() > sofar || !failures.isEmpty());
        assertThat(failures).as("after %d reloads", i).isEmpty();
      }
      // A worker that has seen every kind of request has every descriptor that it will have.
      await()
          .atMost(SOON)
          .until(
              () ->
                  application().snapshot().workers().stream()
                          .filter(worker -> worker.answered() > 100)
                          .count()
                      == WORKERS);
    } catch (PythonStartException e) {
      throw new AssertionError(e);
    } finally {
      stopped.set(true);
      await().atMost(SOON).until(() -> clients.stream().noneMatch(Thread::isAlive));
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void reloadsUnderLoadLoseNoRequestAndLeaveNothing() throws Exception {
    reloadUnderLoad(1);
    Map<String, Long> before = settled();
    reloadUnderLoad(Integer.getInteger("gangway.test.reloads", 100));
    await().atMost(SOON).untilAsserted(() -> assertThat(leftovers()).isEqualTo(before));
  }
}
