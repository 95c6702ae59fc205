package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.ResponseBody;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A body that counts how often it is closed. */
final class Recorder implements ResponseBody {

  private static final Queue<Recorder> CLOSED = new ConcurrentLinkedQueue<>();

  private final int size;
  private final Iterable<byte[]> chunks;
  private final AtomicInteger closed = new AtomicInteger();

  private Recorder(int size, Iterable<byte[]> chunks) {
    this.size = size;
    this.chunks = chunks;
  }

  static Recorder lazy(Iterable<byte[]> chunks) {
    return new Recorder(-1, chunks);
  }

  static Recorder list(String... chunks) {
    List<byte[]> bytes = java.util.Arrays.stream(chunks).map(Recorder::bytes).toList();
    return new Recorder(bytes.size(), bytes);
  }

  static Recorder lazy(String... chunks) {
    return new Recorder(-1, list(chunks).chunks);
  }

  static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /** The response may end before its body is closed, so this waits. */
  void assertClosedOnce() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> closed.get() > 0);
    CLOSED.add(this);
    assertThat(closed.get()).isEqualTo(1);
  }

  /** None that was closed once was closed again since. */
  static void assertNoneClosedAgain() {
    for (Recorder recorder = CLOSED.poll(); recorder != null; recorder = CLOSED.poll()) {
      assertThat(recorder.closed.get()).isEqualTo(1);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Iterator<byte[]> iterator() {
    return chunks.iterator();
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }
}
