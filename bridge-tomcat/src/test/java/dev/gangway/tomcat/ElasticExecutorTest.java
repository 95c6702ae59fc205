package dev.gangway.tomcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElasticExecutorTest {

  private static final int MOST = 20;

  private final ElasticExecutor executor = new ElasticExecutor(MOST);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger blocked = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    executor.start();
  }

  @AfterEach
  void stop() throws Exception {
    executor.stop();
    executor.destroy();
  }

  private void block(int tasks) {
    for (int i = 0; i < tasks; i++) {
      executor.execute(
          () -> {
            blocked.incrementAndGet();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  @Test
  void growsUntilEveryTaskThatBlocksHasAThread() {
    block(MOST);
    await().untilAsserted(() -> assertThat(blocked).hasValue(MOST));
    goOn.countDown();
  }

  @Test
  void neverHasMoreThreadsThanItMay() {
    block(3 * MOST);
    await().untilAsserted(() -> assertThat(blocked).hasValue(MOST));
    assertThat(executor.getPoolSize()).isEqualTo(MOST);
    goOn.countDown();
    await().untilAsserted(() -> assertThat(blocked).hasValue(3 * MOST));
  }

  @Test
  void shrinksWhenThreadsHaveNothingToDo() {
    block(MOST);
    await().until(() -> blocked.get() == MOST);
    goOn.countDown();
    int few = Math.max(Runtime.getRuntime().availableProcessors(), MOST / 2);
    await().until(() -> executor.getPoolSize() <= few);
  }

  @Test
  void leavesNoThreadBehind() throws Exception {
    block(1);
    await().until(() -> blocked.get() == 1);
    executor.stop();
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("http-exec-")));
  }
}
