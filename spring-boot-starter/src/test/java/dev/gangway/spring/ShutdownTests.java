package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The workers outlive the requests. */
abstract class ShutdownTests {

  private final Class<?> server;

  ShutdownTests(Class<?> server) {
    this.server = server;
  }

  @Test
  void requestsInHandFinishWhenTheServerShutsDownGracefully() throws Exception {
    RunningApplication application =
        RunningApplication.start(
            server,
            List.of(),
            fixture("shop", "/shop", "fixtures:by_path", "graceful-timeout=10s"));
    PythonMount mount = application.context().getBean(GatewayMounts.class).python().get(0);
    CompletableFuture<HttpResponse<String>> slow =
        application.sendLater(application.request("/shop/sleeps?1"));
    await().until(() -> mount.application().snapshot().running() == 1);
    List<Long> workers = mount.application().workerPids();
    application.close();
    assertThat(slow.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(workers).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
  }
}
