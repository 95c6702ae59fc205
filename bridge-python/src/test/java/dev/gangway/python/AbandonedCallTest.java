package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.Written;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What the engine does when the container's side fails under it. */
class AbandonedCallTest {

  /** An exchange whose container throws at every write. */
  private static final class Failing implements Exchange {
    private final Map<String, Object> environ = new HashMap<>();
    private final BlockingQueue<Integer> failures = new LinkedBlockingQueue<>();
    private boolean failsToFail;

    Failing(String path, String query) {
      environ.put("REQUEST_METHOD", "GET");
      environ.put("REQUEST_URI", path);
      environ.put("PATH_INFO", path);
      environ.put("QUERY_STRING", query);
      environ.put("SCRIPT_NAME", "");
    }

    @Override
    public Environ environ() {
      return Environ.of(environ);
    }

    @Override
    public boolean hasBody() {
      return false;
    }

    @Override
    public void receive(BodyReceiver receiver) {
      throw new AssertionError("there is no body");
    }

    @Override
    public void resume() {
      throw new AssertionError("there is no body");
    }

    @Override
    public void start(int status, String reason, List<Header> headers) {
      throw new IllegalStateException("the container is broken");
    }

    @Override
    public void write(byte[] bytes, int offset, int length, Written written) {
      throw new IllegalStateException("the container is broken");
    }

    @Override
    public void complete(byte[] bytes, int offset, int length) {}

    @Override
    public void complete(Path file, long offset, long count, Written written) {}

    @Override
    public void fail(int status, List<Header> headers, Throwable cause) {
      failures.add(status);
      if (failsToFail) {
        throw new IllegalStateException("the container is broken even more");
      }
    }

    @Override
    public void onDisconnect(Runnable listener) {}
  }

  @Test
  void aContainerThatFailsDoesNotLeaveAWorkerWaiting() throws Exception {
    try (PythonApplication one = PythonApplicationTest.fixture("application").workers(1).start()) {
      for (String path : List.of("/hello", "/stream", "/endless", "/large")) {
        Failing exchange = new Failing(path, path.equals("/large") ? "1000000" : "");
        one.handle(exchange);
        assertThat(exchange.failures.take()).as(path).isEqualTo(502);
        await().until(() -> one.requestsInHand() == 0);
        assertThat(exchange.failures).as("failed once").isEmpty();
      }
      assertThat(BlockingCall.get(one, "/hello").status()).isEqualTo("200 OK");
    }
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void aContainerThatFailsAtTheErrorPageTooLosesNoOtherRequest() throws Exception {
    try (PythonApplication one = PythonApplicationTest.fixture("application").workers(1).start()) {
      for (String path : List.of("/hello", "/stream", "/endless", "/dies")) {
        Failing exchange = new Failing(path, "");
        exchange.failsToFail = true;
        one.handle(exchange);
        assertThat(exchange.failures.take()).as(path).isEqualTo(502);
        await().until(() -> one.requestsInHand() == 0);
        assertThat(BlockingCall.get(one, "/hello").status()).isEqualTo("200 OK");
      }
    }
  }
}
