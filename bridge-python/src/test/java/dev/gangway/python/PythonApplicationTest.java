package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.Header;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class PythonApplicationTest {

  private static final Path FIXTURES = Path.of("src/test/python").toAbsolutePath();

  private static PythonApplication application;

  static PythonApplication.Builder fixture(String name) {
    return PythonApplication.builder("fixtures:" + name).chdir(FIXTURES).workers(2);
  }

  @BeforeAll
  static void start() throws Exception {
    application = fixture("application").threads(2).gracefulTimeout(Duration.ofSeconds(1)).start();
  }

  @AfterAll
  static void stop() {
    application.close();
    assertThat(application.workerPids()).isEmpty();
  }

  @Test
  void answersAndGivesAContentLength() throws Exception {
    BlockingCall answer = BlockingCall.get(application, "/hello");
    assertThat(answer.status()).isEqualTo("200 OK");
    assertThat(answer.text()).startsWith("Hello from ");
    assertThat(answer.headers())
        .contains(new Header("Content-Length", String.valueOf(answer.bytes().length)));
  }

  @Test
  void handsOutARealDictWithTheKeysOfThePep() throws Exception {
    assertThat(BlockingCall.get(application, "/environ_dump/a?b=c").text().lines())
        .contains(
            "type=dict",
            "PATH_INFO='/a'",
            "SCRIPT_NAME='/environ_dump'",
            "QUERY_STRING='b=c'",
            "REQUEST_METHOD='GET'",
            "wsgi.version=(1, 0)",
            "wsgi.multithread=True",
            "wsgi.multiprocess=True",
            "wsgi.run_once=False",
            "wsgi.input_terminated=True");
  }

  @Test
  void bodiesOfEverySizeArriveWhole() throws Exception {
    for (int size : new int[] {0, 1, 1000, 60_000, 64_000, 65_536, 200_000, 3_000_000}) {
      byte[] body = new byte[size];
      Arrays.fill(body, (byte) 'b');
      assertThat(BlockingCall.post(application, "/echo", body).bytes()).isEqualTo(body);
    }
  }

  @Test
  void streamedBodiesArriveWhole() throws Exception {
    try (PythonApplication streaming =
        fixture("application").workers(1).requestBuffering(false).start()) {
      for (int size : new int[] {0, 1, 1000, 31_000, 65_536, 3_000_000}) {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) 'b');
        assertThat(BlockingCall.post(streaming, "/echo", body).bytes()).isEqualTo(body);
      }
      assertThat(BlockingCall.get(streaming, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void readsLines() throws Exception {
    byte[] body = "first\nsecond\nthird\nfourth".getBytes(StandardCharsets.UTF_8);
    assertThat(BlockingCall.post(application, "/lines", body).text())
        .isEqualTo("[b'first\\n', b'sec', b'ond\\n', b'third\\n', b'fourth']");
  }

  @Test
  void largeResponsesArriveWhole() throws Exception {
    for (int size : new int[] {0, 1, 65_000, 65_400, 65_536, 1_000_000}) {
      assertThat(BlockingCall.get(application, "/large?" + size).bytes()).hasSize(size);
    }
  }

  @Test
  void streamsChunksAndClosesOnce() throws Exception {
    try (PythonApplication one = fixture("application").workers(1).start()) {
      assertThat(BlockingCall.get(one, "/stream?100").text()).endsWith("chunk 99\n");
      assertThat(BlockingCall.get(one, "/closes").text()).isEqualTo("[1]");
    }
  }

  @Test
  void writesComeBeforeTheBody() throws Exception {
    assertThat(BlockingCall.get(application, "/writes").text()).isEqualTo("one two three");
  }

  @Test
  void filesAreSent() throws Exception {
    Path file = FIXTURES.resolve("fixtures.py");
    assertThat(BlockingCall.get(application, "/file?" + file).bytes())
        .isEqualTo(java.nio.file.Files.readAllBytes(file));
    assertThat(BlockingCall.get(application, "/temporary_file").bytes()).hasSize(100_000);
  }

  @Test
  void failuresBeforeTheHeadAre500() throws Exception {
    for (String name :
        List.of("raises", "leaves", "interrupted", "started_twice", "bad_header", "hop_by_hop")) {
      BlockingCall answer = BlockingCall.get(application, "/" + name);
      assertThat(answer.status()).as(name).isEqualTo("500 Internal Server Error");
      assertThat(answer.text()).doesNotContain("Traceback");
    }
    assertThat(BlockingCall.get(application, "/text").status()).startsWith("500");
  }

  @Test
  void failuresInMidResponseBreakIt() {
    assertThatThrownBy(() -> BlockingCall.get(application, "/raises_later"))
        .hasMessageContaining("broke off");
    assertThatThrownBy(() -> BlockingCall.get(application, "/short"))
        .hasMessageContaining("broke off");
  }

  @Test
  void aHeadCanBeReplacedWithExcInfo() throws Exception {
    BlockingCall answer = BlockingCall.get(application, "/replaced_head");
    assertThat(answer.status()).isEqualTo("503 Later");
    assertThat(answer.text()).isEqualTo("replaced");
  }

  @Test
  void whatIsLongerThanItsContentLengthIsCut() throws Exception {
    assertThat(BlockingCall.get(application, "/long").text()).isEqualTo("long");
  }

  @Test
  void headHasNoBody() throws Exception {
    BlockingCall answer =
        BlockingCall.call(application, "HEAD", "/hello", -1, InputStream.nullInputStream());
    assertThat(answer.bytes()).isEmpty();
    assertThat(answer.headers()).extracting(Header::name).contains("Content-Length");
    answer = BlockingCall.call(application, "HEAD", "/stream", -1, InputStream.nullInputStream());
    assertThat(answer.bytes()).isEmpty();
    assertThat(BlockingCall.get(application, "/empty").headers()).isEmpty();
  }

  @Test
  void aWorkerThatDiesGives502AndIsReplaced() throws Exception {
    try (PythonApplication two = fixture("application").start()) {
      for (String name : List.of("dies", "exits")) {
        List<Long> before = two.workerPids();
        assertThat(BlockingCall.get(two, "/" + name).status()).startsWith("502");
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> two.workerPids().size() == 2 && !two.workerPids().equals(before));
        assertThat(BlockingCall.get(two, "/hello").status()).isEqualTo("200 OK");
      }
      assertThatThrownBy(() -> BlockingCall.get(two, "/dies_streaming"))
          .hasMessageContaining("broke off");
      assertThat(two.requestsInHand()).isZero();
    }
  }

  @Test
  void theTracebackTellsWhyAnApplicationDoesNotStart() {
    assertThatThrownBy(() -> PythonApplication.builder("nothing_here:app").chdir(FIXTURES).start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("Traceback")
        .hasMessageContaining("No module named 'nothing_here'");
    assertThatThrownBy(() -> fixture("absent").start()).hasMessageContaining("has no 'absent'");
    assertThatThrownBy(() -> fixture("closed").start()).hasMessageContaining("cannot be called");
    assertThatThrownBy(() -> fixture("hello").python("/nowhere/python").start())
        .isInstanceOf(PythonStartException.class)
        .hasMessageContaining("/nowhere/python");
  }

  @Test
  void namesAFactory() throws Exception {
    try (PythonApplication made = fixture("make()").workers(1).start()) {
      assertThat(BlockingCall.get(made, "/").text()).startsWith("Hello");
    }
  }

  @Test
  void requestsThatNoWorkerTakesInTimeGet503() throws Exception {
    try (PythonApplication one =
        fixture("application").workers(1).queueTimeout(Duration.ofSeconds(1)).start()) {
      Thread slow =
          new Thread(
              () -> {
                try {
                  BlockingCall.get(one, "/sleeps?3");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      slow.start();
      await().until(() -> one.requestsInHand() == 1);
      BlockingCall answer = BlockingCall.get(one, "/hello");
      assertThat(answer.status()).startsWith("503");
      assertThat(answer.headers()).contains(new Header("Retry-After", "1"));
      slow.join();
      assertThat(BlockingCall.get(one, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void environmentVariablesReachTheWorker() throws Exception {
    try (PythonApplication site =
        PythonApplication.builder("os:getenv").workers(1).env(Map.of("GANGWAY", "1")).start()) {
      assertThat(site.workerPids()).hasSize(1);
    }
  }

  @Test
  void aBodyThatCannotBeOpenedIsAFailureOfThisRequestAlone() throws Exception {
    try (PythonApplication one = fixture("application").workers(1).limitNofile(100).start()) {
      assertThat(BlockingCall.get(one, "/hoards").text()).isEqualTo("hoarded");
      assertThat(BlockingCall.post(one, "/echo", new byte[200_000]).status()).startsWith("500");
      assertThat(BlockingCall.get(one, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  void aChildOfAWorkerEndsWhenItIsTold() throws Exception {
    assertThat(BlockingCall.get(application, "/forks").text()).isEqualTo("signal 15");
    try (PythonApplication one = fixture("application").workers(1).start()) {
      assertThat(BlockingCall.get(one, "/forks").text()).isEqualTo("signal 15");
    }
  }

  @Test
  void aLineEndInAPathDoesNotBeginALineOfTheLog() throws Exception {
    List<String> messages = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            messages.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("gangway.worker");
    logger.addHandler(handler);
    try {
      BlockingCall.get(application, "/raises/a\nERROR forged");
      await().until(() -> messages.stream().anyMatch(message -> message.contains("forged")));
      assertThat(messages).noneMatch(message -> message.contains("\nERROR forged"));
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void aStartThatFailsLeavesNothingBehind() throws Exception {
    List<Path> before = ownFolders();
    assertThatThrownBy(() -> fixture("application").env(Map.of("A=B", "c")).start())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ownFolders()).isEqualTo(before);
  }

  private static List<Path> ownFolders() throws IOException {
    List<Path> own = new ArrayList<>();
    for (Path parent :
        List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      try (DirectoryStream<Path> folders =
          Files.newDirectoryStream(parent, "gangway-" + ProcessHandle.current().pid() + "-*")) {
        folders.forEach(own::add);
      }
    }
    return own;
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void aWorkerThatEndsAsItGetsReadyLeavesNoThreadBehind(@TempDir Path folder) throws Exception {
    Path interpreter = folder.resolve("interpreter");
    Files.writeString(
        interpreter,
        """
        #!/bin/sh
        for option; do case "$option" in credits=*) mkfifo "${option#credits=}-0-0";; esac; done
        printf '\\005\\000\\000\\000\\0013.9.0'
        exit 7
        """);
    Files.setPosixFilePermissions(interpreter, PosixFilePermissions.fromString("rwx------"));
    PythonApplication.Builder builder =
        fixture("application").workers(1).python(interpreter.toString());
    try {
      builder.start().close();
    } catch (PythonStartException e) {
      // It depends on what is seen first, the token or the end.
    }
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(
                        thread ->
                            thread.getName().matches("gangway-worker-0-frames")
                                && Arrays.stream(thread.getStackTrace())
                                    .anyMatch(at -> at.getMethodName().equals("opened"))));
  }

  @Test
  void nobodyReadsABodyInSharedMemoryAfterItsResponse() throws Exception {
    try (PythonApplication application = fixture("reads_late").workers(1).start()) {
      byte[] body = new byte[300_000];
      BlockingCall.post(application, "/", body);
      assertThat(BlockingCall.post(application, "/", body).headers())
          .contains(
              new Header(
                  "X-Last", "the response is over, and the request's body was not read before"));
    }
  }
}
