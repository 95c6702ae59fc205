package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * The engine between good workers and a hostile one that writes into the response FIFO and over the
 * slots that are nobody's: each good request gets its own bytes, once.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class EngineFuzzTest {

  static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("gangway.test.fuzz-seconds", 5));
  private static final int SLOTS = 16;
  private static final int SLOT_SIZE = 4096;

  /** Slots are taken from the end, and clients are fewer than what is left. */
  private static final int UNUSED = 8;

  private static final int CLIENTS = 4;

  private final Logger logger = Logger.getLogger("dev.gangway.python");
  private final Level level = logger.getLevel();
  private final Supervisor supervisor = new Supervisor();
  private final List<GoodWorker> workers = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final ConcurrentLinkedQueue<Token> finished = new ConcurrentLinkedQueue<>();
  private PrivateFolders folders;
  private SlotMemory memory;
  private SharedSlots engine;
  private volatile boolean enough;
  private volatile boolean over;

  /** A worker with one thread, which answers a request by its path; it can be killed. */
  private final class GoodWorker implements Runnable {
    private final RandomAccessFile requests;
    private final RandomAccessFile responses;
    private final RandomAccessFile slots;
    private final BlockingQueue<Token> credits = new LinkedBlockingQueue<>();
    private final Random random;
    private int number = numbers.getAndIncrement(); // guarded by this, changed when it is killed

    GoodWorker(long seed) throws IOException {
      random = new Random(seed);
      requests = new RandomAccessFile(folders.requests().toFile(), "rw");
      responses = new RandomAccessFile(folders.responses().toFile(), "rw");
      slots = new RandomAccessFile(folders.slots().toFile(), "rw");
    }

    /** Ends the process: another with a new number takes its place. */
    void kill() {
      int dead;
      synchronized (this) {
        dead = number;
        number = numbers.getAndIncrement();
      }
      engine.workerEnded(dead, "was killed");
    }

    @Override
    public void run() {
      byte[] token = new byte[Token.SIZE];
      try {
        while (requests.read(token) == Token.SIZE && !over) {
          serve(Token.read(ByteBuffer.wrap(token).order(ByteOrder.LITTLE_ENDIAN)));
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void serve(Token request) throws IOException, InterruptedException {
      int self;
      synchronized (this) {
        self = number;
      }
      if (request.kind() == Token.FENCE) {
        say(self, new Token(request.slot(), request.generation(), request.length(), Token.FENCED));
        return;
      }
      long base = (long) request.slot() * SLOT_SIZE;
      synchronized (this) {
        if (self != number || word(base + 4) != request.generation()) {
          return;
        }
        word(base + 8, self + 1);
        word(base + 12, 0);
      }
      byte[] environ = new byte[request.length()];
      memory.get(request.slot(), environ, environ.length);
      String fields = new String(environ, StandardCharsets.ISO_8859_1);
      String path = fields.replaceAll("(?s).*PATH_INFO\0([^\0]*)\0.*", "$1");
      byte[] head = "\6\0\0\000200 OK".getBytes(StandardCharsets.ISO_8859_1);
      byte[] body = path.getBytes(StandardCharsets.ISO_8859_1);
      if (random.nextBoolean()) {
        answer(self, request, Token.RESPONSE, head, body);
        return;
      }
      if (random.nextBoolean()) {
        answer(self, request, Token.HEAD_MORE, head, new byte[0]);
        for (int i = 0; i < body.length; i++) {
          byte[] one = {body[i]};
          answer(self, request, Token.PART_MORE, head.length + i, new byte[0], one);
        }
        answer(self, request, Token.END, new byte[0], new byte[0]);
        return;
      }
      answer(self, request, Token.HEAD, head, new byte[0]);
      for (byte one : body) {
        if (!mayGoOn(self, request)) {
          return;
        }
        answer(self, request, Token.PART, new byte[0], new byte[] {one});
      }
      if (mayGoOn(self, request)) {
        answer(self, request, Token.END, new byte[0], new byte[0]);
      }
    }

    private boolean mayGoOn(int self, Token request) throws InterruptedException {
      while (true) {
        Token credit = credits.poll(20, TimeUnit.MILLISECONDS);
        synchronized (this) {
          if (self != number || over) {
            return false;
          }
        }
        if (credit != null
            && credit.slot() == request.slot()
            && credit.generation() == request.generation()) {
          return credit.kind() == Token.CREDIT;
        }
      }
    }

    private void answer(int self, Token request, int kind, byte[] head, byte[] body)
        throws IOException {
      answer(self, request, kind, 0, head, body);
    }

    private void answer(int self, Token request, int kind, int offset, byte[] head, byte[] body)
        throws IOException {
      synchronized (this) {
        if (self != number) {
          return;
        }
        memory.put(request.slot(), offset, head, 0, head.length);
        memory.put(request.slot(), offset + head.length, body, 0, body.length);
      }
      Token token =
          new Token(request.slot(), request.generation(), head.length + body.length, kind);
      say(self, token);
      if (Token.endsResponse(kind)) {
        finished.add(token);
      }
    }

    private void say(int self, Token token) throws IOException {
      synchronized (this) {
        if (self == number) {
          responses.write(token.bytes());
        }
      }
    }

    private int word(long offset) throws IOException {
      byte[] word = new byte[4];
      slots.seek(offset);
      slots.readFully(word);
      return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private void word(long offset, int value) throws IOException {
      slots.seek(offset);
      slots.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    synchronized boolean is(int worker) {
      return number == worker;
    }
  }

  @BeforeEach
  void open() throws Exception {
    logger.setLevel(Level.OFF); // hundreds of errors are expected
    folders = new PrivateFolders(SlotMemory.size(SLOTS, SLOT_SIZE), "");
    memory = new SlotMemory(folders.slots(), SLOTS, SLOT_SIZE);
    engine =
        new SharedSlots(
            folders,
            memory,
            (worker, thread, token) ->
                workers.stream()
                    .filter(one -> one.is(worker))
                    .forEach(one -> one.credits.add(token)),
            new Statistics(List.of()),
            worker -> worker,
            () -> 0,
            number -> workers.stream().filter(one -> one.is(number)).forEach(GoodWorker::kill),
            supervisor,
            Duration.ofSeconds(20),
            100,
            2);
  }

  @AfterEach
  void close() throws Exception {
    over = true;
    engine.endRequests();
    engine.close();
    supervisor.close();
    folders.close();
    logger.setLevel(level);
  }

  private void serve(long seed) throws IOException {
    for (int i = 0; i < 2; i++) {
      GoodWorker worker = new GoodWorker(seed + i);
      workers.add(worker);
      Thread thread = new Thread(worker, "good-worker");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Random bytes and tokens, none of which is right for a slot that is in use, and scribbled slots.
   */
  private void harm(Random random) throws IOException {
    try (RandomAccessFile responses = new RandomAccessFile(folders.responses().toFile(), "rw");
        RandomAccessFile slots = new RandomAccessFile(folders.slots().toFile(), "rw")) {
      byte[] noise = new byte[SLOT_SIZE];
      random.nextBytes(noise);
      Token old = finished.poll();
      switch (random.nextInt(6)) {
        case 0 -> {
          slots.seek((long) random.nextInt(UNUSED) * SLOT_SIZE);
          slots.write(noise);
        }
        case 1 -> responses.write(noise, 0, Token.SIZE * (1 + random.nextInt(255)));
        case 2 -> {
          if (old != null) {
            responses.write(old.bytes());
            responses.write(old.bytes());
          }
        }
        case 3 ->
            responses.write(
                new Token(
                        random.nextInt(SLOTS + 2) - 1,
                        random.nextInt() | 0x40000000,
                        random.nextInt(),
                        Token.MARK | random.nextInt(14))
                    .bytes());
        case 4 ->
            // Of slots that nobody has.
            responses.write(
                new Token(
                        random.nextInt(UNUSED),
                        0,
                        random.nextInt(),
                        Token.MARK | random.nextInt(14))
                    .bytes());
        default -> responses.write(noise, 0, 1 + random.nextInt(40));
      }
    }
  }

  private Call call(String path) throws Exception {
    RecordedExchange exchange = new RecordedExchange(path);
    RequestEncoder environ = new RequestEncoder(SLOT_SIZE / 2);
    environ.write(exchange.environ(), new RequestIds());
    return new Call(exchange, environ, RequestBody.NONE);
  }

  private void client(Random random, List<String> problems) {
    try {
      while (!enough) {
        String path = Long.toHexString(random.nextLong());
        Call call = call(path);
        engine.submit(call);
        RecordedExchange exchange = (RecordedExchange) call.exchange();
        while (!exchange.end().isDone()) {
          if (exchange.hasUnwritten()) {
            exchange.written();
          }
          Thread.onSpinWait();
        }
        int status = exchange.end().get();
        if (status != 200 || !exchange.body().equals(path) || !exchange.endedOnce()) {
          problems.add(path + " got " + exchange);
        }
      }
    } catch (Exception e) {
      problems.add(e.toString());
    }
  }

  @Test
  void whatAHostileWorkerWritesHarmsNoRequest() throws Exception {
    long seed = Long.getLong("gangway.test.seed", System.nanoTime());
    Random random = new Random(seed);
    serve(random.nextLong());
    List<String> problems = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random own = new Random(random.nextLong());
      Thread client = new Thread(() -> client(own, problems), "client");
      client.start();
      clients.add(client);
    }
    long until = System.nanoTime() + TIME.toNanos();
    long harms = 0;
    while (System.nanoTime() < until) {
      harm(random);
      harms++;
      if (harms % 50 == 0) {
        Thread.sleep(1);
      }
    }
    enough = true;
    for (Thread client : clients) {
      client.join(30_000);
      assertThat(client.isAlive()).as("a request hangs; seed %d", seed).isFalse();
    }
    assertThat(problems).as("seed %d", seed).isEmpty();
    assertThat(engine.inHand()).isZero();
  }
}
