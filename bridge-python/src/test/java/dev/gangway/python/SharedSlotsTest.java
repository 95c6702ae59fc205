package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.Written;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The engine without workers: the tests read and write the FIFOs in their place. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SharedSlotsTest {

  private static final int SLOT_SIZE = 4096;

  private record Failure(int status, String thread) {}

  /** An exchange that remembers how it was failed, and never gets a body. */
  private final class Remembering implements Exchange {
    private final BlockingQueue<Failure> failures;
    private final BlockingQueue<BodyReceiver> receivers = new LinkedBlockingQueue<>();

    Remembering(BlockingQueue<Failure> failures) {
      this.failures = failures;
    }

    @Override
    public Environ environ() {
      return Environ.of(Map.of("REQUEST_METHOD", "GET", "REQUEST_URI", "/"));
    }

    @Override
    public boolean hasBody() {
      return true;
    }

    @Override
    public void receive(BodyReceiver receiver) {
      receivers.add(receiver);
    }

    @Override
    public void resume() {}

    @Override
    public void start(int status, String reason, List<Header> headers) {}

    @Override
    public void write(byte[] bytes, int offset, int length, Written written) {}

    @Override
    public void complete(byte[] bytes, int offset, int length) {}

    @Override
    public void complete(Path file, long offset, long count, Written written) {}

    @Override
    public void fail(int status, List<Header> headers, Throwable cause) {
      retryAfter = headers.isEmpty() ? "" : headers.get(0).value();
      failures.add(new Failure(status, Thread.currentThread().getName()));
    }

    @Override
    public void onDisconnect(Runnable listener) {}
  }

  private final Supervisor supervisor = new Supervisor();
  private final BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<Token> credits = new LinkedBlockingQueue<>();
  private volatile String retryAfter = "";
  private PrivateFolders folders;
  private SlotMemory memory;
  private SharedSlots engine;
  private final AtomicInteger outage = new AtomicInteger();
  private final BlockingQueue<Integer> broken = new LinkedBlockingQueue<>();

  private void open(int slots, Duration queueTimeout) throws Exception {
    folders = new PrivateFolders(SlotMemory.size(slots, SLOT_SIZE), "");
    memory = new SlotMemory(folders.slots(), slots, SLOT_SIZE);
    engine =
        new SharedSlots(
            folders,
            memory,
            (worker, thread, token) -> credits.add(token),
            new Statistics(List.of()),
            worker -> -1,
            outage::get,
            broken::add,
            supervisor,
            queueTimeout,
            100_000,
            2);
  }

  private static Token read(Fifo fifo) throws IOException {
    byte[] token = new byte[Token.SIZE];
    assertThat(fifo.read(token, 0, Token.SIZE)).isEqualTo(Token.SIZE);
    return Token.read(ByteBuffer.wrap(token).order(ByteOrder.LITTLE_ENDIAN));
  }

  @AfterEach
  void close() throws Exception {
    engine.endRequests();
    engine.close();
    supervisor.close();
    folders.close();
  }

  private Call call(boolean streamed) throws Exception {
    Remembering exchange = new Remembering(failures);
    RequestEncoder encoder = new RequestEncoder(SLOT_SIZE / 2);
    encoder.write(exchange.environ(), new RequestIds());
    return new Call(
        exchange, encoder, streamed ? new StreamedBody(exchange, memory) : RequestBody.NONE);
  }

  @Test
  void requestsThatNobodyTakesNeverFillTheFifo() throws Exception {
    int slots = 2048;
    open(slots, Duration.ofMillis(1));
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < slots; i++) {
        engine.submit(call(false));
      }
      int expected = round * slots;
      await().until(() -> failures.size() == expected);
    }
    assertThat(failures).allMatch(failure -> failure.status == 503);
    assertThat(engine.inHand()).isZero();
  }

  @Test
  void theSlotOfARefusedRequestIsFreeWhenItsTokenHasBeenRead() throws Exception {
    open(1, Duration.ofMillis(1));
    try (Fifo requests = new Fifo(folders.requests());
        Fifo responses = new Fifo(folders.responses())) {
      engine.submit(call(false));
      assertThat(failures.take())
          .as("by the thread that alone uses exchanges")
          .isEqualTo(new Failure(503, "gangway-responses"));
      assertThat(memory.owner(0)).isNegative();
      Token refused = read(requests);
      engine.submit(call(false));
      assertThat(failures.take().thread).as("without a slot").isEqualTo("gangway-supervisor");
      responses.write(new Token(refused.slot(), refused.generation(), 0, Token.ABORT));
      await()
          .until(
              () -> {
                engine.submit(call(false));
                return failures.take().thread.equals("gangway-responses");
              });
      Token next = read(requests);
      assertThat(next.slot()).isEqualTo(refused.slot());
      assertThat(next.generation()).isNotEqualTo(refused.generation());
    }
  }

  @Test
  void aWorkerThatWaitsForABodyIsToldThatTheClientLeft() throws Exception {
    open(1, Duration.ofSeconds(30));
    Call call = call(true);
    try (Fifo requests = new Fifo(folders.requests());
        Fifo responses = new Fifo(folders.responses())) {
      engine.submit(call);
      Token request = read(requests);
      takenByWorkerZero(request.slot());
      responses.write(new Token(request.slot(), request.generation(), 0, Token.READ));
      BodyReceiver receiver = ((Remembering) call.exchange()).receivers.take();
      engine.disconnected(call);
      assertThat(credits.take()).extracting(Token::kind).isEqualTo(Token.DATA_ERROR);
      receiver.onError(new java.io.EOFException());
      assertThat(credits).as("told once").isEmpty();
      responses.write(new Token(request.slot(), request.generation(), 0, Token.READ));
      assertThat(credits.take()).extracting(Token::kind).isEqualTo(Token.CANCEL);
    }
  }

  @Test
  void partsThatAreFoundTogetherAreWrittenAsOne() throws Exception {
    open(1, Duration.ofSeconds(30));
    RecordedExchange exchange = new RecordedExchange("123456");
    RequestEncoder encoder = new RequestEncoder(SLOT_SIZE / 2);
    encoder.write(exchange.environ(), new RequestIds());
    try (Fifo requests = new Fifo(folders.requests())) {
      engine.submit(new Call(exchange, encoder, RequestBody.NONE));
      Token request = read(requests);
      takenByWorkerZero(request.slot());
      byte[] head = "\6\0\0\000200 OK".getBytes(StandardCharsets.ISO_8859_1);
      memory.put(request.slot(), 0, head, 0, head.length);
      memory.put(request.slot(), head.length, "123456".getBytes(StandardCharsets.UTF_8), 0, 6);
      sayAtOnce(
          request,
          List.of(
              new Token(0, 0, head.length, Token.HEAD_MORE),
              new Token(0, 0, 1, Token.PART_MORE),
              new Token(0, 0, 2, Token.PART_MORE),
              new Token(0, 0, 3, Token.PART)));
      await().until(exchange::hasUnwritten);
      assertThat(exchange.body()).isEqualTo("123456");
      assertThat(credits).as("before it is written").isEmpty();
      exchange.written();
      assertThat(exchange.hasUnwritten()).as("a second write").isFalse();
      assertThat(credits.take()).extracting(Token::kind).isEqualTo(Token.CREDIT);
      // The next part begins where the payload does.
      memory.put(request.slot(), 0, "7".getBytes(StandardCharsets.UTF_8), 0, 1);
      sayAtOnce(
          request, List.of(new Token(0, 0, 1, Token.PART_MORE), new Token(0, 0, 0, Token.END)));
      assertThat(exchange.end().get()).isEqualTo(200);
      assertThat(exchange.body()).isEqualTo("1234567");
      assertThat(credits).isEmpty();
    }
  }

  /** In one write, so that the reader finds them together. */
  private void sayAtOnce(Token request, List<Token> said) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(said.size() * Token.SIZE);
    for (Token token : said) {
      bytes.put(
          new Token(request.slot(), request.generation(), token.length(), token.kind()).bytes());
    }
    try (RandomAccessFile responses = new RandomAccessFile(folders.responses().toFile(), "rw")) {
      responses.write(bytes.array());
    }
  }

  @Test
  void aWorkerThatDoesNotWaitIsNotTold() throws Exception {
    open(1, Duration.ofSeconds(30));
    Call call = call(false);
    try (Fifo requests = new Fifo(folders.requests())) {
      engine.submit(call);
      Token request = read(requests);
      takenByWorkerZero(request.slot());
      engine.act(() -> engine.timeOut(Objects.requireNonNull(call.held())));
      assertThat(failures.take().status).isEqualTo(504);
      byte[] head = "\6\0\0\000200 OK".getBytes(StandardCharsets.ISO_8859_1);
      memory.put(request.slot(), 0, head, 0, head.length);
      List<Token> said = new ArrayList<>();
      said.add(new Token(0, 0, head.length, Token.HEAD_MORE));
      for (int i = 0; i < 200; i++) {
        said.add(new Token(0, 0, 1, Token.PART_MORE));
      }
      said.add(new Token(0, 0, 0, Token.ABORT));
      sayAtOnce(request, said);
      await().until(() -> engine.inHand() == 0);
      // What fills the FIFO of a worker's thread has the worker replaced.
      assertThat(credits).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void workersThatDieAgainAndAgainDoNotFillTheFifoWithFences() throws Exception {
    open(2048, Duration.ofSeconds(30));
    for (int i = 0; i < 2048; i++) {
      engine.submit(call(false));
    }
    for (int worker = 0; worker < 5000; worker++) {
      engine.workerEnded(worker, "died");
    }
    CompletableFuture<Void> heardAll = new CompletableFuture<>();
    engine.act(() -> heardAll.complete(null));
    heardAll.get(10, TimeUnit.SECONDS);
  }

  @Test
  void onlyACallThatWasReadAndNotTakenIsSentAgain() throws Exception {
    open(2, Duration.ofSeconds(30));
    try (Fifo requests = new Fifo(folders.requests());
        Fifo responses = new Fifo(folders.responses())) {
      engine.submit(call(false));
      Token lost = read(requests);
      engine.workerEnded(7, "died");
      Token fence = read(requests);
      assertThat(fence.kind()).isEqualTo(Token.FENCE);
      CompletableFuture<Void> counted = new CompletableFuture<>();
      engine.act(() -> counted.complete(null)); // by the thread that has written the fence
      counted.get(10, TimeUnit.SECONDS);
      engine.submit(call(false));
      responses.write(
          new Token(fence.slot(), fence.generation(), fence.length() + 1, Token.FENCED));
      responses.write(new Token(fence.slot(), fence.generation(), fence.length(), Token.FENCED));
      Token queued = read(requests);
      assertThat(queued.slot()).isNotEqualTo(lost.slot());
      Token again = read(requests);
      assertThat(again.slot()).isEqualTo(lost.slot());
      assertThat(again.generation()).isNotEqualTo(lost.generation());
      engine.workerEnded(8, "died");
      assertThat(read(requests).kind())
          .as("nothing but the next fence: the other call was not read by the dead worker")
          .isEqualTo(Token.FENCE);
    }
  }

  @Test
  void requestsGet503AtOnceWhileNoWorkerWillServe() throws Exception {
    open(1, Duration.ofSeconds(30));
    engine.submit(call(false));
    engine.submit(call(false));
    outage.set(7);
    assertThat(failures.take().status).as("in a slot, and waiting for one").isEqualTo(503);
    assertThat(failures.take().status).isEqualTo(503);
    engine.submit(call(false));
    assertThat(failures.take()).isEqualTo(new Failure(503, Thread.currentThread().getName()));
    assertThat(retryAfter).isEqualTo("7");
    assertThat(engine.inHand()).isZero();
  }

  private void takenByWorkerZero(int slot) throws Exception {
    byte[] owner = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(1).array();
    try (RandomAccessFile file = new RandomAccessFile(folders.slots().toFile(), "rw")) {
      file.seek((long) slot * SLOT_SIZE + 8);
      file.write(owner);
    }
  }
}
