package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.conformance.RawHttp;
import dev.gangway.exchange.ClientProbe;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that leave while nothing is read or written. */
@SuppressWarnings("try") // closing is what a client does to leave
public abstract class DepartureTests {

  private static final String GET = "GET /held HTTP/1.1\r\nHost: test\r\n\r\n";
  private static final List<Header> TEXT = List.of(new Header("Content-Type", "text/plain"));
  private static final byte[] ANSWER = "answer".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  /** Has a thread of the container wait in the application. */
  private static final class Blocking implements GatewayApplication {
    private final CompletableFuture<BooleanSupplier> hasLeft = new CompletableFuture<>();
    private final CountDownLatch gate = new CountDownLatch(1);

    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
      hasLeft.complete((BooleanSupplier) environ.get("gangway.client_disconnected"));
      assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
      startResponse.start("200 OK", TEXT);
      return ResponseBody.of(ANSWER);
    }

    boolean awaitsAClient() throws Exception {
      return !hasLeft.get(20, TimeUnit.SECONDS).getAsBoolean();
    }
  }

  /** Leaves the answers to the test. */
  private static final class Held implements ExchangeApplication {
    private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();

    @Override
    public void handle(Exchange exchange) {
      exchanges.add(exchange);
    }

    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) {
      throw new UnsupportedOperationException("asynchronous requests are supported everywhere");
    }

    Exchange next() throws Exception {
      return exchanges.poll(20, TimeUnit.SECONDS);
    }
  }

  private static boolean isGone(Exchange exchange) throws Exception {
    try (ClientProbe probe = new ClientProbe()) {
      return exchange.isClientGone(probe);
    }
  }

  private static void answer(Exchange exchange) {
    exchange.start(200, "OK", TEXT);
    exchange.complete(ANSWER, 0, ANSWER.length);
  }

  private static BooleanSupplier hasLeft(Exchange exchange) {
    return (BooleanSupplier) exchange.environ().get("gangway.client_disconnected");
  }

  @Test
  void anApplicationThatComputesLearnsOfItWhenItAsks() throws Exception {
    for (boolean reset : new boolean[] {false, true}) {
      Blocking held = new Blocking();
      try (Gateway gateway = builder().bind("127.0.0.1:0").mount("/held", held).start();
          RawHttp client = RawHttp.connect(gateway.port())) {
        client.send(GET);
        assertThat(held.awaitsAClient()).isTrue();
        if (reset) {
          client.reset();
        } else {
          client.close();
        }
        await().until(() -> !held.awaitsAClient());
        held.gate.countDown();
      }
    }
  }

  @Test
  void aClientThatOnlyFinishedSendingGetsItsAnswer() throws Exception {
    Blocking held = new Blocking();
    try (Gateway gateway = builder().bind("127.0.0.1:0").mount("/held", held).start();
        RawHttp client = RawHttp.connect(gateway.port())) {
      client.send(GET);
      client.finish();
      await().until(() -> !held.awaitsAClient());
      held.gate.countDown();
      assertThat(client.read().text()).isEqualTo("answer");
    }
  }

  @Test
  void whatAClientSendsAheadIsKept() throws Exception {
    Blocking held = new Blocking();
    try (Gateway gateway = builder().bind("127.0.0.1:0").mount("/held", held).start();
        RawHttp client = RawHttp.connect(gateway.port())) {
      client.send(GET + GET);
      assertThat(held.awaitsAClient()).isTrue();
      held.gate.countDown();
      assertThat(client.read().text()).isEqualTo("answer");
      assertThat(client.read().text()).isEqualTo("answer");
    }
  }

  @Test
  void aClosedUnixDomainSocketTells() throws Exception {
    Held held = new Held();
    URI socket = URI.create("unix:" + folder.resolve("gangway.sock"));
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (Gateway gateway = builder().bind(socket.toString()).mount("/held", held).start();
        RawClient client = RawClient.to(gateway)) {
      client.send(GET);
      Exchange exchange = held.next();
      exchange.onDisconnect(() -> left.complete(null));
      assertThat(isGone(exchange)).isFalse();
      client.close();
      await().until(() -> isGone(exchange));
      left.get(20, TimeUnit.SECONDS);
      answer(exchange);
    }
  }

  @Test
  void anExchangeIsToldOfAResetOnce() throws Exception {
    for (boolean answers : new boolean[] {false, true}) {
      Held held = new Held();
      List<String> lines = new CopyOnWriteArrayList<>();
      AtomicInteger left = new AtomicInteger();
      try (Gateway gateway =
              builder()
                  .bind("127.0.0.1:0")
                  .mount("/held", held)
                  .accessLog(AccessLog.of("%(s)s", lines::add))
                  .start();
          RawHttp client = RawHttp.connect(gateway.port())) {
        client.send(GET);
        Exchange exchange = held.next();
        exchange.onDisconnect(left::incrementAndGet);
        assertThat(isGone(exchange)).isFalse();
        client.reset();
        await().until(() -> isGone(exchange));
        assertThat(hasLeft(exchange).getAsBoolean()).isTrue();
        assertThat(left).hasValue(1);
        if (answers) {
          answer(exchange);
        } else {
          exchange.fail(499, List.of(), new IOException("the client left"));
        }
        await().until(() -> lines.size() == 1);
        assertThat(left).hasValue(1);
        assertOthersAreAnswered(gateway, held);
      }
    }
  }

  @Test
  void anExchangeWhoseClientOnlyFinishedSendingGoesOn() throws Exception {
    Held held = new Held();
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (Gateway gateway = builder().bind("127.0.0.1:0").mount("/held", held).start();
        RawHttp client = RawHttp.connect(gateway.port())) {
      client.send(GET);
      Exchange exchange = held.next();
      exchange.onDisconnect(() -> left.complete(null));
      client.finish();
      await().until(() -> isGone(exchange));
      assertThat(hasLeft(exchange).getAsBoolean()).isTrue();
      assertThat(left).isNotDone();
      answer(exchange);
      assertThat(client.read().text()).isEqualTo("answer");
      assertThat(left).isNotDone();
    }
  }

  @RepeatedTest(5)
  void whereAResetMeetsTheAnswerTheRequestEnds() throws Exception {
    Held held = new Held();
    List<String> lines = new CopyOnWriteArrayList<>();
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .mount("/held", held)
            .accessLog(AccessLog.of("%(s)s", lines::add))
            .start()) {
      for (int i = 0; i < 20; i++) {
        try (RawHttp client = RawHttp.connect(gateway.port())) {
          client.send(GET);
          Exchange exchange = held.next();
          client.reset();
          Thread answering = new Thread(() -> answer(exchange));
          answering.start();
          isGone(exchange);
          answering.join();
          isGone(exchange);
        }
      }
      await().until(() -> lines.size() == 20);
    }
  }

  @Test
  void anExchangeThatIsOverIsNotLookedAt() throws Exception {
    Held held = new Held();
    try (Gateway gateway = builder().bind("127.0.0.1:0").mount("/held", held).start();
        RawHttp client = RawHttp.connect(gateway.port())) {
      client.send(GET);
      Exchange first = held.next();
      answer(first);
      assertThat(client.read().text()).isEqualTo("answer");
      client.send(GET);
      Exchange second = held.next();
      client.finish();
      await().until(() -> isGone(second));
      assertThat(isGone(first)).isFalse();
      assertThat(hasLeft(first).getAsBoolean()).isFalse();
      answer(second);
      assertThat(client.read().text()).isEqualTo("answer");
    }
  }

  private static void assertOthersAreAnswered(Gateway gateway, Held held) throws Exception {
    try (RawHttp client = RawHttp.connect(gateway.port())) {
      for (int i = 0; i < 2; i++) {
        client.send(GET);
        Exchange exchange = held.next();
        answer(exchange);
        assertThat(client.read().text()).isEqualTo("answer");
      }
    }
  }
}
