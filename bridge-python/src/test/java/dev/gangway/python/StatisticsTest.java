package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.PythonListener.FinishedRequest;
import dev.gangway.python.PythonListener.Outcome;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  /** Keeps what it hears. */
  private static final class Recorder implements PythonListener {
    private final Queue<FinishedRequest> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> workers = new ConcurrentLinkedQueue<>();

    @Override
    public void requestFinished(FinishedRequest request) {
      requests.add(request);
    }

    @Override
    public void workerStarted(long pid) {
      workers.add("started " + pid);
    }

    @Override
    public void workerEnded(EndedWorker worker) {
      workers.add(worker.how() + " " + worker.pid() + " " + worker.reason());
    }
  }

  @Test
  void countsAndTellsWhatBecameOfRequests() throws Exception {
    Recorder recorder = new Recorder();
    try (PythonApplication application =
        PythonApplicationTest.fixture("application")
            .workers(1)
            .timeout(Duration.ofSeconds(1))
            .listener(recorder)
            .start()) {
      long pid = application.workerPids().get(0);
      BlockingCall.get(application, "/sleeps?0.2");
      BlockingCall.get(application, "/stream?3");
      BlockingCall.get(application, "/raises");
      PythonSnapshot snapshot = application.snapshot();
      assertThat(snapshot.answered()).isEqualTo(3);
      assertThat(snapshot.serviceTime()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
      assertThat(snapshot.queueTime()).isLessThan(Duration.ofSeconds(1));
      assertThat(snapshot.queued()).isZero();
      assertThat(snapshot.running()).isZero();
      assertThat(snapshot.workers())
          .singleElement()
          .satisfies(
              worker -> {
                assertThat(worker.pid()).isEqualTo(pid);
                assertThat(worker.state()).isEqualTo(PythonSnapshot.State.SERVING);
                assertThat(worker.answered()).isEqualTo(3);
              });
      assertThat(recorder.requests)
          .extracting(FinishedRequest::status, FinishedRequest::workerPid)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(200, pid),
              org.assertj.core.groups.Tuple.tuple(200, pid),
              org.assertj.core.groups.Tuple.tuple(500, pid));
      assertThat(recorder.requests)
          .extracting(FinishedRequest::requestId)
          .doesNotHaveDuplicates()
          .allMatch(id -> id.matches("[0-9a-f]{8}-[0-9a-f]+"));
      assertThat(recorder.requests).extracting(FinishedRequest::traceId).containsOnlyNulls();
      assertThat(recorder.requests)
          .extracting(FinishedRequest::bytes)
          .contains((long) "chunk 0\nchunk 1\nchunk 2\n".length());

      BlockingCall.get(application, "/dies");
      BlockingCall.get(application, "/sleeps?60");
      await().until(() -> application.snapshot().workersEnded() == 1);
      snapshot = application.snapshot();
      assertThat(snapshot.lost()).isEqualTo(1);
      assertThat(snapshot.timedOut()).isEqualTo(1);
      await()
          .untilAsserted(
              () -> {
                assertThat(recorder.requests)
                    .extracting(FinishedRequest::outcome, FinishedRequest::status)
                    .contains(
                        org.assertj.core.groups.Tuple.tuple(Outcome.ANSWERED, 500),
                        org.assertj.core.groups.Tuple.tuple(Outcome.LOST, 502),
                        org.assertj.core.groups.Tuple.tuple(Outcome.TIMED_OUT, 504));
                assertThat(recorder.workers).anyMatch(worker -> worker.endsWith("TIMED_OUT"));
                assertThat(recorder.workers)
                    .contains("started " + pid, "was killed by signal 9 " + pid + " CRASHED");
              });
    }
  }

  @Test
  void aListenerThatFailsHarmsNobody() throws Exception {
    PythonListener failing =
        new PythonListener() {
          @Override
          public void requestFinished(FinishedRequest request) {
            throw new IllegalStateException("the listener fails");
          }
        };
    try (PythonApplication application =
        PythonApplicationTest.fixture("application").workers(1).listener(failing).start()) {
      assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
      assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void tellsWhyWorkersEnd() throws Exception {
    Recorder recorder = new Recorder();
    try (PythonApplication application =
        PythonApplicationTest.fixture("hello")
            .workers(1)
            .maxRequests(1)
            .listener(recorder)
            .start()) {
      application.reload();
      await().untilAsserted(() -> assertThat(ends(recorder)).containsExactly("RELOADED"));
      BlockingCall.get(application, "/");
      await()
          .untilAsserted(
              () -> assertThat(ends(recorder)).containsExactly("RELOADED", "MAX_REQUESTS"));
    }
    assertThat(ends(recorder)).containsExactly("RELOADED", "MAX_REQUESTS", "CLOSED");
  }

  private static List<String> ends(Recorder recorder) {
    return recorder.workers.stream()
        .filter(worker -> !worker.startsWith("started"))
        .map(worker -> worker.substring(worker.lastIndexOf(' ') + 1))
        .toList();
  }

  @Test
  void isShownInJmxUntilItIsClosed() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName query =
        new ObjectName("dev.gangway:type=PythonApplication,name=\"fixtures:hello\",*");
    try (PythonApplication application =
        PythonApplicationTest.fixture("hello").workers(1).start()) {
      assertThat(BlockingCall.get(application, "/").status()).isEqualTo("200 OK");
      ObjectName name = server.queryNames(query, null).iterator().next();
      assertThat(server.getAttribute(name, "Answered")).isEqualTo(1L);
      assertThat((Long[]) server.getAttribute(name, "WorkerPids"))
          .isEqualTo(application.workerPids().toArray(Long[]::new));
      List<Long> before = application.workerPids();
      server.invoke(name, "reload", new Object[0], new String[0]);
      await()
          .until(
              () ->
                  application.workerPids().size() == 1 && !application.workerPids().equals(before));
    }
    assertThat(server.queryNames(query, null)).isEmpty();
  }
}
