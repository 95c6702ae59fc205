package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.conformance.Pythons;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that break the protocol: they are replaced, and no other request is harmed. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileWorkerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  static PythonApplication.Builder hostile() {
    return Pythons.fixture("hostile:application").queueTimeout(Duration.ofSeconds(20));
  }

  static void awaitOthersThan(List<Long> before, PythonApplication application) {
    await()
        .atMost(SOON)
        .until(
            () ->
                application.workerPids().size() == before.size()
                    && application.workerPids().stream().noneMatch(before::contains));
  }

  static CompletableFuture<String> status(PythonApplication application, String target) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return BlockingCall.get(application, target).status();
          } catch (Exception e) {
            return e.toString();
          }
        },
        task -> new Thread(task).start());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "head_too_long",
        "head_of_negative_length",
        "no_status",
        "no_header_value",
        "line_end",
        "longer_than_a_slot",
        "of_negative_length",
        "streamed_head",
        "file_without_path",
        "file_without_numbers",
        "file_before_its_beginning",
        "file_of_no_folder"
      })
  void whatIsNoResponseIs502AndItsWorkerIsReplaced(String name) throws Exception {
    try (PythonApplication application = hostile().start();
        CapturedLog log = CapturedLog.of("dev.gangway.python")) {
      List<Long> before = application.workerPids();
      assertThat(BlockingCall.get(application, "/malformed?" + name).status()).startsWith("502");
      awaitOthersThan(before, application);
      assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
      assertThat(log.messages())
          .filteredOn(message -> message.contains("502 for"))
          .singleElement()
          .asString()
          .contains("502 for GET", "worker 0 answered with what is no response: ");
      assertThat(application.requestsInHand()).isZero();
    }
  }

  @Test
  void aPartThatIsNoneBreaksTheResponse() throws Exception {
    try (PythonApplication application = hostile().start()) {
      List<Long> before = application.workerPids();
      assertThatThrownBy(() -> BlockingCall.get(application, "/malformed_part"))
          .hasMessageContaining("broke off");
      awaitOthersThan(before, application);
      assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void aWorkerThatDoesNotReadWhatItIsToldIsReplacedAndHoldsUpNobody() throws Exception {
    try (CapturedLog log = CapturedLog.of("dev.gangway.python")) {
      try (PythonApplication application = hostile().workers(2).start()) {
        List<Long> before = application.workerPids();
        CompletableFuture<String> broken = status(application, "/reads_no_credits");
        await().atMost(SOON).until(() -> !application.workerPids().containsAll(before));
        assertThat(broken.get(20, TimeUnit.SECONDS)).contains("broke off");
        assertThat(BlockingCall.get(application, "/hello").status()).isEqualTo("200 OK");
      }
      assertThat(log.messages())
          .filteredOn(message -> message.contains("does not read what its thread 0 is told"))
          .hasSize(1);
      assertThat(log.messages()).noneMatch(message -> message.contains("did not finish"));
    }
  }

  @Test
  void otherRequestsOfABrokenWorkerFinish() throws Exception {
    try (PythonApplication application = hostile().threads(3).start()) {
      List<Long> before = application.workerPids();
      CompletableFuture<String> other = status(application, "/sleeps?1.5");
      await().until(() -> application.requestsInHand() == 1);
      assertThat(BlockingCall.get(application, "/malformed?nothing").status()).startsWith("502");
      assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("200 OK");
      awaitOthersThan(before, application);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 15, 17, 4095})
  void bytesBetweenTokensAreDroppedAndLoseNoAnswer(int bytes) throws Exception {
    try (PythonApplication application = hostile().workers(2).start();
        CapturedLog log = CapturedLog.of("dev.gangway.python")) {
      CompletableFuture<String> innocent = status(application, "/sleeps?0.5");
      await().until(() -> application.requestsInHand() == 1);
      for (int i = 0; i < 50; i++) {
        assertThat(BlockingCall.get(application, "/torn?" + bytes).text()).isEqualTo("torn");
      }
      assertThat(innocent.get(20, TimeUnit.SECONDS)).isEqualTo("200 OK");
      assertThat(log.messages())
          .filteredOn(message -> message.contains("what is no answer: "))
          .isNotEmpty()
          .hasSizeLessThan(10);
      assertThat(application.requestsInHand()).isZero();
    }
  }

  @Test
  void slotsThatAreOverwrittenWhileNobodyHasThemHarmNobody() throws Exception {
    try (PythonApplication application = hostile().workers(2).slots(16).start()) {
      for (int i = 0; i < 5; i++) {
        assertThat(BlockingCall.get(application, "/overwrites").text()).isEqualTo("overwritten");
        assertThat(
                IntStream.range(0, 20).mapToObj(number -> status(application, "/hello")).toList())
            .allSatisfy(status -> assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo("200 OK"));
      }
    }
  }
}
