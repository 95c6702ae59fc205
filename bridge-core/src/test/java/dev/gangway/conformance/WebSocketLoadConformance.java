package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.asgi.ReceiveEvent.WebSocketDisconnect;
import dev.gangway.asgi.SendEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What many WebSockets, slow clients, slow applications and the end of the server do. */
public abstract class WebSocketLoadConformance extends WebSocketTest {

  @Test
  void aClientThatDoesNotReadMakesTheApplicationWait() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      byte[] part = new byte[256 * 1024];
      CompletableFuture<Void> last;
      int sent = 0;
      do {
        last = opened.call().begin(new SendEvent.WebSocketSend(ByteBuffer.wrap(part), null));
        sent++;
        assertThat(sent).as("messages taken from the application").isLessThan(400);
      } while (completes(last));
      CompletableFuture<Void> waiting = last;
      for (int i = 0; i < sent; i++) {
        assertThat(opened.client().readMessage()).hasSize(part.length);
      }
      waiting.get(SOON.toSeconds(), TimeUnit.SECONDS);
      opened.call().sendText("end");
      assertThat(opened.client().read().text()).isEqualTo("end");
    }
  }

  private static boolean completes(CompletableFuture<Void> sent) {
    try {
      sent.get(500, TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aClientThatLeavesWhileTheApplicationSendsIsTold() throws Exception {
    Opened opened = openAccepted(calls());
    ByteBuffer large = ByteBuffer.wrap(new byte[64 * 1024 * 1024]);
    CompletableFuture<Void> sent = opened.call().begin(new SendEvent.WebSocketSend(large, null));
    opened.client().reset();
    eventually(() -> assertThat(sent).isCompletedExceptionally());
    assertThat(opened.call().disconnect().code()).isEqualTo(1006);
    opened.call().finish();
  }

  @Test
  void anApplicationThatDoesNotReceiveMakesTheClientWait() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      byte[] frame = RawWebSocket.frame(true, RawWebSocket.BINARY, new byte[64 * 1024]);
      AtomicInteger written = new AtomicInteger();
      int total = 600; // 38 MiB, far more than the kernel's buffers take
      CompletableFuture<Void> flood =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < total; i++) {
                    opened.client().write(frame);
                    written.incrementAndGet();
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      int before;
      do {
        before = written.get();
        int seen = before;
        try {
          await().atMost(1, TimeUnit.SECONDS).until(() -> written.get() > seen);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
          break;
        }
      } while (written.get() < total);
      assertThat(written.get()).isLessThan(total);
      for (int i = 0; i < total; i++) {
        assertThat(opened.call().receiveNext()).isNotInstanceOf(WebSocketDisconnect.class);
      }
      flood.get(SOON.toSeconds(), TimeUnit.SECONDS);
      opened.client().close(1000, "");
      assertThat(opened.call().disconnect().code()).isEqualTo(1000);
    }
  }

  @Test
  void manySmallMessagesWaitForTheApplication() throws Exception {
    try (Opened opened = openAccepted(calls())) {
      for (int i = 0; i < 2000; i++) {
        opened.client().text("message " + i);
      }
      for (int i = 0; i < 2000; i++) {
        assertThat(opened.call().text()).isEqualTo("message " + i);
      }
    }
  }

  @Test
  void idleWebSocketsHoldNoThread() throws Exception {
    serve(ECHO);
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        clients.add(open("/"));
      }
      int before = Thread.activeCount();
      for (int i = 0; i < 480; i++) {
        clients.add(open("/"));
      }
      assertThat(Thread.activeCount()).isLessThan(before + 50);
      for (RawWebSocket client : clients) {
        client.text("hello");
      }
      for (RawWebSocket client : clients) {
        assertThat(client.read().text()).isEqualTo("hello");
      }
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void echoesToManyInOrder() throws Exception {
    serve(ECHO);
    List<CompletableFuture<Void>> talks = new ArrayList<>();
    for (int c = 0; c < 10; c++) {
      talks.add(
          CompletableFuture.runAsync(
              () -> {
                try (RawWebSocket client = open("/")) {
                  for (int i = 0; i < 200; i++) {
                    client.text("message " + i);
                  }
                  for (int i = 0; i < 200; i++) {
                    assertThat(client.read().text()).isEqualTo("message " + i);
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (CompletableFuture<Void> talk : talks) {
      talk.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aStopOfTheServerClosesWith1012() throws Exception {
    Calls calls = new Calls();
    ConformanceServer another = newServer();
    int port = another.start(Map.of("", new AsgiMount(calls)));
    CompletableFuture<Call> accepting = calls.accepting();
    try (RawWebSocket client = RawWebSocket.open(port, "/")) {
      Call call = accepting.get(SOON.toSeconds(), TimeUnit.SECONDS);
      CompletableFuture<Void> stop =
          CompletableFuture.runAsync(
              () -> {
                try {
                  another.close();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      RawWebSocket.Frame frame = client.read();
      assertThat(frame.opcode()).isEqualTo(RawWebSocket.CLOSE);
      assertThat(frame.code()).isEqualTo(1012);
      assertThat(call.disconnect().code()).isEqualTo(1012);
      client.close(1012, "");
      assertThat(client.isEnded()).isTrue();
      stop.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
