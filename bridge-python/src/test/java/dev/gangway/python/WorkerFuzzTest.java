package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.python.conformance.Pythons;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Real workers that are fed with nonsense: the next good request is answered. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class WorkerFuzzTest {

  private static final int SLOT_SIZE = 64 * 1024;

  /** The descriptors of a worker that are open on a path with the given part. */
  private static List<Path> open(long pid, String part) throws IOException {
    try (DirectoryStream<Path> descriptors =
        Files.newDirectoryStream(
            Path.of("/proc/" + pid + "/fd"),
            descriptor -> Files.readSymbolicLink(descriptor).toString().contains(part))) {
      List<Path> found = new ArrayList<>();
      descriptors.forEach(found::add);
      return found;
    }
  }

  private static RandomAccessFile open(PythonApplication application, String part)
      throws IOException {
    long worker = application.workerPids().get(0);
    if (part.equals("/slots")) {
      // A worker maps it and closes it; it is where the FIFOs are.
      Path requests = Files.readSymbolicLink(open(worker, "/requests").get(0));
      return new RandomAccessFile(requests.resolveSibling("slots").toFile(), "rw");
    }
    return new RandomAccessFile(open(worker, part).get(0).toFile(), "rw");
  }

  private static CompletableFuture<String> echo(PythonApplication application, String text) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            BlockingCall answer =
                BlockingCall.post(application, "/echo", text.getBytes(StandardCharsets.US_ASCII));
            return answer.status().equals("200 OK") ? answer.text() : answer.status();
          } catch (Exception e) {
            return e.toString();
          }
        },
        task -> new Thread(task).start());
  }

  private static byte[] nonsense(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(100)];
    random.nextBytes(bytes);
    return switch (random.nextInt(4)) {
      case 0 -> bytes;
      case 1 ->
          // Of a slot that there is, and a generation that will not come.
          new Token(random.nextInt(4), -1 - random.nextInt(100), random.nextInt(50_000), 1).bytes();
      case 2 ->
          new Token(random.nextInt(4), 0, SLOT_SIZE + random.nextInt(1 << 20), Token.REQUEST)
              .bytes();
      default ->
          new Token(random.nextInt(1 << 20), random.nextInt(), random.nextInt(), random.nextInt(9))
              .bytes();
    };
  }

  @Test
  void nonsenseInTheRequestFifoIsDroppedAndLosesNoRequest() throws Exception {
    long seed = Long.getLong("gangway.test.seed", System.nanoTime());
    Random random = new Random(seed);
    try (PythonApplication application =
            Pythons.fixture("application").workers(2).threads(2).start();
        CapturedLog log = CapturedLog.of("dev.gangway.python");
        RandomAccessFile requests = open(application, "/requests")) {
      List<Long> workers = application.workerPids();
      long until = System.nanoTime() + EngineFuzzTest.TIME.toNanos();
      while (System.nanoTime() < until) {
        List<String> texts =
            IntStream.range(0, 8).mapToObj(i -> Long.toHexString(random.nextLong())).toList();
        List<CompletableFuture<String>> answers =
            texts.stream().map(text -> echo(application, text)).toList();
        for (int i = 0; i < 5; i++) {
          requests.write(nonsense(random));
        }
        for (int i = 0; i < texts.size(); i++) {
          assertThat(answers.get(i).get(25, TimeUnit.SECONDS))
              .as("seed %d", seed)
              .isEqualTo(texts.get(i));
        }
      }
      assertThat(application.workerPids()).as("no worker died of it").isEqualTo(workers);
      assertThat(log.messages())
          .anyMatch(message -> message.contains("that are no request of ours"));
    }
  }

  @Test
  void aTornTokenInTheFifoOfAThreadEndsTheWorkerWithAMessage() throws Exception {
    try (PythonApplication application = Pythons.fixture("application").start();
        CapturedLog log = CapturedLog.of("")) {
      List<Long> before = application.workerPids();
      try (RandomAccessFile credits = open(application, "/credits")) {
        credits.write(new Token(77, 77, 0, Token.CREDIT).bytes());
        credits.write(new Token(0, 0, -5, Token.DATA).bytes());
        assertThat(BlockingCall.get(application, "/large?200000").bytes())
            .as("what is for another request is dropped")
            .hasSize(200_000);
        credits.write(new byte[5]);
      }
      assertThatThrownBy(() -> BlockingCall.get(application, "/large?2000000"))
          .hasMessageContaining("broke off");
      HostileWorkerTest.awaitOthersThan(before, application);
      assertThat(BlockingCall.get(application, "/large?200000").bytes()).hasSize(200_000);
      assertThat(log.messages())
          .anyMatch(message -> message.contains("the FIFO of a thread gave"))
          .anyMatch(message -> message.contains("exited with code 4"));
    }
  }

  @Test
  void aPartThatIsLongerThanASlotEndsTheWorkerWithAMessage() throws Exception {
    try (PythonApplication application =
            Pythons.fixture("application").slots(1).requestBuffering(false).start();
        CapturedLog log = CapturedLog.of("");
        RandomAccessFile slots = open(application, "/slots")) {
      List<Long> before = application.workerPids();
      CompletableFuture<String> slow = HostileWorkerTest.status(application, "/sleeps?1");
      await().until(() -> application.snapshot().workers().get(0).running() == 1);
      slow.get(20, TimeUnit.SECONDS);
      int next = word(slots, 4);
      try (RandomAccessFile credits = open(application, "/credits")) {
        credits.write(new Token(0, next, 1 << 20, Token.DATA).bytes());
      }
      assertThat(echo(application, "text").get(20, TimeUnit.SECONDS)).startsWith("502");
      HostileWorkerTest.awaitOthersThan(before, application);
      assertThat(echo(application, "text").get(20, TimeUnit.SECONDS)).isEqualTo("text");
      assertThat(log.messages()).anyMatch(message -> message.contains("a part of 1048576 bytes"));
    }
  }

  @Test
  void anEnvironThatIsOverwrittenFailsItsRequestAlone() throws Exception {
    try (PythonApplication application = Pythons.fixture("application").slots(1).start();
        CapturedLog log = CapturedLog.of("");
        RandomAccessFile slots = open(application, "/slots")) {
      String worker = String.valueOf(application.workerPids().get(0));
      Random random = new Random(1);
      byte[] noise = new byte[2000];
      for (int i = 0; i < 5; i++) {
        new ProcessBuilder("kill", "-STOP", worker).start().waitFor();
        CompletableFuture<String> request = echo(application, "text");
        await().until(() -> application.requestsInHand() == 1);
        await().until(() -> word(slots, 64) != 0);
        random.nextBytes(noise);
        slots.seek(64);
        slots.write(noise, 0, i == 0 ? 1 : noise.length);
        new ProcessBuilder("kill", "-CONT", worker).start().waitFor();
        assertThat(request.get(20, TimeUnit.SECONDS)).startsWith("500");
        assertThat(echo(application, "text").get(20, TimeUnit.SECONDS)).isEqualTo("text");
      }
      assertThat(log.messages()).anyMatch(message -> message.contains("slot was overwritten"));
      assertThat(String.valueOf(application.workerPids().get(0))).isEqualTo(worker);
    }
  }

  private static int word(RandomAccessFile slots, long offset) throws IOException {
    byte[] word = new byte[4];
    slots.seek(offset);
    slots.readFully(word);
    return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  @Test
  void aRequestOfAWorkerThatIsNotThereIsEndedAndItsSlotNotLost() throws Exception {
    try (PythonApplication application =
            Pythons.fixture("application").slots(1).timeout(Duration.ofSeconds(1)).start();
        RandomAccessFile slots = open(application, "/slots")) {
      String worker = String.valueOf(application.workerPids().get(0));
      new ProcessBuilder("kill", "-STOP", worker).start().waitFor();
      CompletableFuture<String> request = echo(application, "text");
      await().until(() -> application.requestsInHand() == 1);
      slots.seek(4);
      // Another generation, so that the worker drops its token, and an owner that is not there.
      slots.write(ByteBuffer.allocate(8).putInt(0x77777777).putInt(0x77777777).array());
      new ProcessBuilder("kill", "-CONT", worker).start().waitFor();
      assertThat(request.get(20, TimeUnit.SECONDS)).startsWith("504");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> echo(application, "text").get(20, TimeUnit.SECONDS).equals("text"));
    }
  }
}
