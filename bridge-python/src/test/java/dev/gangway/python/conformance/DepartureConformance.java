package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application that only computes learns of its client, and what the client gets. */
public abstract class DepartureConformance extends PythonTest {

  /** Within a second, that is, on a machine that has nothing else to do. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final int THREADS = 4;
  private static final int LENGTH = 300_000;

  @TempDir Path folder;

  @Override
  PythonMount mount() {
    return super.mount().with(PythonSetting.THREADS, Integer.toString(THREADS));
  }

  /** Ends the request of that name when it is made. */
  private Path gate(String name) {
    return folder.resolve(name);
  }

  private RawHttp compute(String name) throws Exception {
    RawHttp http = RawHttp.connect(port());
    http.send(head("GET", "/computes?" + name + "=" + gate(name)) + "\r\n");
    await().until(() -> names("/computing_by").contains(name));
    return http;
  }

  private List<String> names(String target) throws Exception {
    return Arrays.asList(get(target).text().split(" "));
  }

  private void awaitNotice(String name) {
    await().atMost(SOON).until(() -> names("/noticed_by").contains(name));
  }

  /** Whoever began to compute before has been looked at when this returns. */
  private void awaitLook(String name) throws Exception {
    compute(name).close();
    awaitNotice(name);
  }

  private static void assertWhole(RawHttp.Response response) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).hasSize(LENGTH);
    assertThat(response.isComplete()).isTrue();
  }

  @Test
  void aComputingApplicationLearnsThatItsClientClosedTheConnection() throws Exception {
    compute("closed").close();
    awaitNotice("closed");
  }

  @Test
  void aComputingApplicationLearnsThatItsClientResetTheConnection() throws Exception {
    compute("reset").reset();
    awaitNotice("reset");
  }

  @Test
  void aClientThatResetsBehindMoreBytesHasLeft() throws Exception {
    RawHttp http = compute("pipelined-reset");
    http.send(head("GET", "/hello") + "\r\n");
    http.reset();
    awaitNotice("pipelined-reset");
  }

  @Test
  void anApplicationLearnsItBehindAnUpload() throws Exception {
    try (RawHttp http = RawHttp.connect(port())) {
      String body = "x".repeat(LENGTH);
      http.send(
          head("POST", "/computes?uploaded=" + gate("none"), "Content-Length: " + LENGTH)
              + "\r\n"
              + body);
      await().until(() -> names("/computing_by").contains("uploaded"));
    }
    awaitNotice("uploaded");
  }

  @Test
  void aClientThatOnlyFinishedSendingGetsItsAnswer() throws Exception {
    try (RawHttp http = compute("half")) {
      http.finish();
      awaitNotice("half");
      assertWhole(http.read());
    }
  }

  @Test
  void aClientThatOnlyFinishedSendingGetsItsAnswerAfterAWhileInTheQueue() throws Exception {
    List<RawHttp> busy = new ArrayList<>();
    try (RawHttp queued = RawHttp.connect(port())) {
      for (int i = 0; i < THREADS; i++) {
        busy.add(RawHttp.connect(port()));
        busy.get(i).send(head("GET", "/naps?1.5") + "\r\n");
      }
      queued.send(head("GET", "/large?" + LENGTH) + "\r\n");
      queued.finish();
      assertWhole(queued.read());
    } finally {
      for (RawHttp client : busy) {
        client.close();
      }
    }
  }

  @Test
  void aPipelinedRequestIsAnsweredWholeAfterTheOneThatWasLookedAt() throws Exception {
    try (RawHttp http = compute("patient")) {
      http.send(head("GET", "/large?" + LENGTH) + "\r\n");
      awaitLook("first");
      http.send(head("GET", "/echo?rest") + "\r\n");
      awaitLook("second");
      Files.createFile(gate("patient"));
      assertWhole(http.read());
      assertWhole(http.read());
      assertThat(http.read().status()).isEqualTo(200);
    }
    assertThat(names("/noticed_by")).doesNotContain("patient");
  }

  @Test
  void aClientThatWaitsIsNotTakenForOneThatLeft() throws Exception {
    try (RawHttp http = compute("waiting")) {
      awaitLook("other");
      Files.createFile(gate("waiting"));
      assertWhole(http.read());
      http.send(head("GET", "/hello") + "\r\n");
      assertThat(http.read().status()).isEqualTo(200);
    }
    assertThat(names("/noticed_by")).doesNotContain("waiting");
  }
}
