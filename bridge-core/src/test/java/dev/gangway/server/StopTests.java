package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How every container starts and stops. */
public abstract class StopTests {

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  /** An application that counts how often it is closed. */
  private static final class Closeable implements GatewayApplication, AutoCloseable {
    final AtomicInteger closed = new AtomicInteger();

    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
      startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
      return ResponseBody.of("ok");
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @Test
  void finishesTheRequestInHandAndTakesNoNewOnes() throws Exception {
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GatewayApplication slow =
        (environ, startResponse) -> {
          startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
          inHand.countDown();
          goOn.await();
          return ResponseBody.of("finished");
        };
    Gateway gateway = builder().bind("127.0.0.1:0").mount("/", slow).start();
    URI uri = gateway.uris().get(0);
    CompletableFuture<Void> closing;
    try (RawClient client = RawClient.to(gateway)) {
      client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      inHand.await();
      closing = CompletableFuture.runAsync(gateway::close);
      await().until(() -> refuses(uri));
      assertThat(closing).isNotDone();
      goOn.countDown();
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("finished");
    }
    closing.get(10, TimeUnit.SECONDS);
    gateway.join();
  }

  @Test
  void finishesTheAsynchronousRequestInHand() throws Exception {
    CompletableFuture<AsyncContext> inHand = new CompletableFuture<>();
    @SuppressWarnings("serial")
    HttpServlet slow =
        new HttpServlet() {
          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            inHand.complete(async);
          }
        };
    Gateway gateway = builder().bind("127.0.0.1:0").servlet("/*", slow).start();
    URI uri = gateway.uris().get(0);
    try (RawClient client = RawClient.to(gateway)) {
      client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      AsyncContext async = inHand.get(10, TimeUnit.SECONDS);
      CompletableFuture<Void> closing = CompletableFuture.runAsync(gateway::close);
      await().until(() -> refuses(uri));
      assertThat(closing).isNotDone();
      async.getResponse().getOutputStream().print("finished");
      async.complete();
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").contains("finished");
      closing.get(10, TimeUnit.SECONDS);
    }
  }

  private static boolean refuses(URI uri) {
    try {
      RawClient.to(uri).close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void breaksOffWhatTakesLongerThanTheGracefulTimeout() throws Exception {
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Closeable other = new Closeable();
    GatewayApplication stuck =
        (environ, startResponse) -> {
          inHand.countDown();
          interrupted.await();
          return ResponseBody.empty();
        };
    Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .gracefulTimeout(Duration.ofMillis(200))
            .mount("/", stuck)
            .mount("/other", other)
            .start();
    try (RawClient client = RawClient.to(gateway)) {
      client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      inHand.await();
      gateway.close();
      assertThat(client.readToEnd()).doesNotContain("200 OK");
    } finally {
      interrupted.countDown();
    }
    assertThat(other.closed).hasValue(1);
  }

  @Test
  void closesItsApplicationsOnceAfterAllOfThemStopped() throws Exception {
    Closeable application = new Closeable();
    Gateway gateway =
        builder().bind("127.0.0.1:0").mount("/", application).mount("/too", application).start();
    assertThat(RawClient.get(gateway, "/")).endsWith("ok");
    assertThat(application.closed).hasValue(0);
    gateway.close();
    gateway.close();
    assertThat(application.closed).hasValue(1);
  }

  @Test
  void closesItsApplicationsWhenItCannotStart() throws Exception {
    Closeable application = new Closeable();
    try (ServerSocket taken = new ServerSocket(0)) {
      GatewayBuilder<?> builder =
          builder().bind("127.0.0.1:" + taken.getLocalPort()).mount("/", application);
      assertThatThrownBy(builder::start).isInstanceOf(IOException.class);
    }
    assertThat(application.closed).hasValue(1);
  }

  @Test
  void replacesTheSocketOfADeadServerButNotOfALivingOne() throws Exception {
    String address = "unix:" + folder.resolve("gangway.sock");
    try (Gateway living = builder().bind(address).mount("/", new Closeable()).start()) {
      GatewayBuilder<?> second = builder().bind(address).mount("/", new Closeable());
      assertThatThrownBy(second::start)
          .isInstanceOf(BindException.class)
          .hasMessageContaining("Another server listens");
      assertThat(RawClient.get(living, "/")).endsWith("ok");
    }
    try (var dead =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      dead.bind(java.net.UnixDomainSocketAddress.of(folder.resolve("gangway.sock")));
    }
    try (Gateway gateway = builder().bind(address).mount("/", new Closeable()).start()) {
      assertThat(RawClient.get(gateway, "/")).endsWith("ok");
    }
    Files.writeString(folder.resolve("gangway.sock"), "a file");
    GatewayBuilder<?> third = builder().bind(address).mount("/", new Closeable());
    assertThatThrownBy(third::start).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void leavesNoThreadAndNoDescriptorBehind() throws Exception {
    startUseStop();
    List<String> threads = threads();
    List<String> descriptors = descriptors();
    for (int i = 0; i < 3; i++) {
      startUseStop();
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(threads()).hasSizeLessThanOrEqualTo(threads.size());
              assertThat(descriptors()).hasSizeLessThanOrEqualTo(descriptors.size());
            });
  }

  private void startUseStop() throws Exception {
    Files.writeString(folder.resolve("x.txt"), "x");
    Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .bind("unix:" + folder.resolve("gangway.sock"))
            .mount("/", new Closeable())
            .staticFolder("/static", folder, StaticFiles.defaults())
            .start();
    try (RawClient idle = RawClient.to(gateway)) {
      for (URI uri : gateway.uris()) {
        assertThat(RawClient.exchange(uri, "GET", "/")).endsWith("ok");
        assertThat(RawClient.exchange(uri, "GET", "/static/x.txt")).endsWith("x");
      }
      idle.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").readUntil("ok");
      gateway.close();
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.matches("(raw-client|ForkJoinPool|awaitility).*"))
        .sorted()
        .toList();
  }

  private static List<String> descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.map(StopTests::target).sorted().toList();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return link.toString();
    }
  }
}
