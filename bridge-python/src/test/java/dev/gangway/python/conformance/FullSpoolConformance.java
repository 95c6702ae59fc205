package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import dev.gangway.server.GatewayBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * More clients that read slowly than there may be responses on disk: workers wait, nobody fails.
 */
public abstract class FullSpoolConformance extends EmbeddedPythonTest {

  private static final int CLIENTS = 40;
  private static final int RESPONSE = 1_000_000;
  private static final long TOTAL = 3_000_000;

  /** The kernel is not to read in the client's place. */
  protected static final int KERNEL_BUFFER = SlowClientConformance.KERNEL_BUFFER;

  private static final Duration SOON = Duration.ofSeconds(20);

  /** A builder whose connections have send buffers of {@link #KERNEL_BUFFER}. */
  @Override
  protected abstract GatewayBuilder<?> builder();

  @Override
  PythonMount mount() {
    return super.mount()
        .with(PythonSetting.THREADS, "2")
        .with(PythonSetting.RESPONSE_BUFFER, "2000000")
        .with(PythonSetting.RESPONSE_BUFFER_TOTAL, Long.toString(TOTAL));
  }

  private void assertBounded() {
    assertThat(application().snapshot().spooledBytes()).isBetween(0L, TOTAL);
  }

  @Test
  void everyClientGetsItsWholeResponseAndTheDiskDoesNotFill() throws Exception {
    List<RawHttp> clients = new ArrayList<>();
    ExecutorService readers = Executors.newFixedThreadPool(CLIENTS);
    try (LogCapture log = LogCapture.of("dev.gangway.python")) {
      for (int i = 0; i < CLIENTS; i++) {
        RawHttp client = RawHttp.connect(port(), KERNEL_BUFFER);
        clients.add(client);
        client.send(head("GET", "/generated?1") + "\r\n");
      }
      log.await(record -> record.getMessage().startsWith("Workers wait for clients"));
      assertBounded();
      assertThat(application().snapshot().spooledBytes()).isGreaterThan(TOTAL / 2);
      List<CompletableFuture<RawHttp.Response>> responses = new ArrayList<>();
      for (RawHttp client : clients) {
        responses.add(CompletableFuture.supplyAsync(() -> read(client), readers));
      }
      for (CompletableFuture<RawHttp.Response> response : responses) {
        RawHttp.Response whole = response.get(60, TimeUnit.SECONDS);
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.text()).hasSizeGreaterThanOrEqualTo(RESPONSE);
        assertThat(whole.isComplete()).isTrue();
        assertBounded();
      }
      await().atMost(SOON).until(() -> application().snapshot().spooledBytes() == 0);
    } finally {
      readers.shutdownNow();
      for (RawHttp client : clients) {
        client.close();
      }
    }
  }

  private RawHttp.Response read(RawHttp client) {
    try {
      return client.read();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
