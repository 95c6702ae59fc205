package dev.gangway.python;

import dev.gangway.python.SlotTable.Held;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The engine with one slot, two calls and two workers, in a world where nothing happens by itself:
 * {@link #events} tells what could happen next, {@link #apply} lets it happen and checks what must
 * always hold. The engine is the real one, the workers do what {@code slots.py} does step by step,
 * and the clock is an event.
 */
final class EngineModel implements AutoCloseable {

  static final int SLOT_SIZE = 4096;
  private static final int GENERATION = 4;
  private static final int OWNER = 8;
  private static final int CANCELLED = 16;
  private static final byte[] HEAD = "\6\0\0\000200 OK".getBytes(StandardCharsets.ISO_8859_1);

  /** Where a thread of a worker stands. */
  private enum Step {
    IDLE,
    READ,
    TAKEN,
    STREAMING
  }

  private static final class Worker {
    private final int number;
    private Step step = Step.IDLE;
    private Token token = new Token(0, 0, 0, 0);
    private Token last = new Token(0, -1, 0, Token.RESPONSE);
    private String call = "";
    private boolean owed;
    private boolean cancelled;

    Worker(int number) {
      this.number = number;
    }
  }

  /** What is due later is done when the model says so. */
  private static final class Clock extends Supervisor {
    private final List<Runnable> due = new ArrayList<>();
    private final List<Runnable> periodic = new ArrayList<>();

    @Override
    void later(Runnable action, Duration delay) {
      synchronized (due) {
        due.add(action);
      }
    }

    @Override
    void every(Runnable action, Duration period) {
      periodic.add(action);
    }

    List<Runnable> takeDue() {
      synchronized (due) {
        List<Runnable> taken = List.copyOf(due);
        due.clear();
        return taken;
      }
    }
  }

  private final SlotMemory memory;
  private final RandomAccessFile slots;
  private final Clock clock = new Clock();
  private final SharedSlots engine;
  private final Fifo responses;
  private final FileInputStream requests;
  private final ArrayDeque<Token> queue = new ArrayDeque<>();
  private final List<Worker> workers = new ArrayList<>();
  private final Map<String, Call> calls = new TreeMap<>();
  private int nextWorker;
  private int deaths;
  private boolean closed;

  EngineModel(PrivateFolders folders, SlotMemory memory, RandomAccessFile slots)
      throws IOException {
    this.memory = memory;
    this.slots = slots;
    engine =
        new SharedSlots(
            folders,
            memory,
            this::credit,
            new Statistics(List.of()),
            worker -> worker,
            () -> 0,
            worker -> {
              throw new AssertionError("a good worker is taken for a broken one");
            },
            clock,
            Duration.ZERO,
            100,
            2);
    responses = new Fifo(folders.responses());
    requests = new FileInputStream(folders.requests().toFile());
    workers.add(new Worker(nextWorker++));
    workers.add(new Worker(nextWorker++));
  }

  /** What could happen now. */
  List<String> events() {
    List<String> events = new ArrayList<>();
    if (closed) {
      return events;
    }
    if (calls.size() < 2) {
      events.add("submit " + (calls.isEmpty() ? "A" : "B"));
    }
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      switch (worker.step) {
        case IDLE -> {
          if (!queue.isEmpty()) {
            events.add("read " + i);
          }
          if (worker.last.generation() >= 0) {
            events.add("repeat " + i);
          }
        }
        case READ -> events.add("mark " + i);
        case TAKEN -> {
          events.add("answer " + i);
          events.add("head " + i);
          events.add("more " + i);
        }
        case STREAMING -> {
          if (!worker.owed) {
            events.add((worker.cancelled ? "abort " : "end ") + i);
          }
        }
      }
      if (worker.step != Step.IDLE && deaths < 2) {
        events.add("die " + i);
      }
    }
    calls.forEach(
        (name, call) -> {
          if (!call.disconnected()) {
            events.add("leave " + name);
          }
          if (exchange(call).hasUnwritten()) {
            events.add("written " + name);
          }
        });
    if (!engine.taken().isEmpty()) {
      events.add("deadline");
    }
    if (engine.queued() > 0) {
      events.add("queue-timeout");
    }
    if (!clock.due.isEmpty()) {
      events.add("later");
    }
    events.add("stop");
    return events;
  }

  /** Lets an event happen, and checks what must hold after each. */
  void apply(String event) throws Exception {
    String[] words = event.split(" ", 2);
    String what = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "submit" -> submit(what);
      case "leave" -> engine.disconnected(call(what));
      case "written" -> exchange(call(what)).written();
      case "deadline" -> {
        for (Held<Call> held : engine.taken()) {
          engine.act(() -> engine.timeOut(held));
        }
      }
      case "queue-timeout" -> clock.periodic.forEach(Runnable::run);
      case "later" -> clock.takeDue().forEach(Runnable::run);
      case "stop" -> stop();
      default -> step(words[0], Integer.parseInt(what));
    }
    heardAll();
    for (Call call : calls.values()) {
      exchange(call).check();
    }
  }

  private Call call(String name) {
    Call call = calls.get(name);
    if (call == null) {
      throw new IllegalArgumentException(name);
    }
    return call;
  }

  private void submit(String name) throws Exception {
    RecordedExchange exchange = new RecordedExchange(name);
    RequestEncoder environ = new RequestEncoder(SLOT_SIZE / 2);
    environ.write(exchange.environ(), new RequestIds());
    Call call = new Call(exchange, environ, RequestBody.NONE);
    calls.put(name, call);
    engine.submit(call);
  }

  private static RecordedExchange exchange(Call call) {
    return (RecordedExchange) call.exchange();
  }

  private void step(String event, int index) throws IOException {
    Worker worker = workers.get(index);
    switch (event) {
      case "read" -> read(worker);
      case "mark" -> mark(worker);
      case "answer" -> last(worker, Token.RESPONSE, worker.call);
      case "end" -> last(worker, Token.END, "");
      case "abort" -> last(worker, Token.ABORT, "");
      case "repeat" -> responses.write(worker.last);
      case "head" -> {
        worker.step = Step.STREAMING;
        worker.owed = true;
        say(worker, Token.HEAD, worker.call);
      }
      case "more" -> {
        worker.step = Step.STREAMING;
        worker.owed = false;
        say(worker, Token.HEAD_MORE, worker.call);
      }
      case "die" -> {
        deaths++;
        workers.set(index, new Worker(nextWorker++));
        engine.workerEnded(worker.number, "died");
      }
      default -> throw new IllegalArgumentException(event);
    }
  }

  private void read(Worker worker) throws IOException {
    Token token = queue.remove();
    if (token.kind() == Token.FENCE) {
      responses.write(new Token(token.slot(), token.generation(), token.length(), Token.FENCED));
    } else {
      worker.token = token;
      worker.step = Step.READ;
    }
  }

  /** As Channel.take does it. */
  private void mark(Worker worker) throws IOException {
    worker.step = Step.IDLE;
    if (word(GENERATION) != worker.token.generation()) {
      return;
    }
    put(OWNER, worker.number + 1);
    if (word(CANCELLED) != 0) {
      last(worker, Token.ABORT, "");
      return;
    }
    byte[] environ = new byte[worker.token.length()];
    memory.get(0, environ, environ.length);
    String fields = new String(environ, StandardCharsets.ISO_8859_1);
    worker.call = fields.replaceAll("(?s).*PATH_INFO\0(.)\0.*", "$1");
    worker.step = Step.TAKEN;
    worker.cancelled = false;
  }

  private void last(Worker worker, int kind, String body) throws IOException {
    worker.step = Step.IDLE;
    worker.last = say(worker, kind, body);
  }

  private Token say(Worker worker, int kind, String body) throws IOException {
    byte[] payload = new byte[body.isEmpty() ? 0 : HEAD.length + 1];
    if (payload.length > 0) {
      System.arraycopy(HEAD, 0, payload, 0, HEAD.length);
      payload[HEAD.length] = (byte) body.charAt(0);
      memory.put(0, 0, payload, 0, payload.length);
    }
    Token token = new Token(0, worker.token.generation(), payload.length, kind);
    responses.write(token);
    return token;
  }

  private synchronized void credit(int number, int thread, Token token) {
    for (Worker worker : workers) {
      if (worker.number == number
          && worker.step == Step.STREAMING
          && worker.token.generation() == token.generation()) {
        worker.owed = false;
        worker.cancelled |= token.kind() == Token.CANCEL;
      }
    }
  }

  private int word(int offset) throws IOException {
    byte[] word = new byte[4];
    slots.seek(offset);
    slots.readFully(word);
    return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private void put(int offset, int value) throws IOException {
    slots.seek(offset);
    slots.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  /** Waits until the engine has acted on all that it was told, and takes what it sent. */
  private void heardAll() throws Exception {
    if (!closed) {
      CompletableFuture<Void> heard = new CompletableFuture<>();
      engine.act(() -> heard.complete(null));
      heard.get(10, TimeUnit.SECONDS);
      while (requests.available() >= Token.SIZE) {
        queue.add(
            Token.read(
                ByteBuffer.wrap(new DataInputStream(requests).readNBytes(Token.SIZE))
                    .order(ByteOrder.LITTLE_ENDIAN)));
      }
    }
  }

  /** Lets everybody do what is left, until nothing is: then no call may be in hand. */
  void settle() throws Exception {
    if (closed) {
      return;
    }
    for (int i = 0; i < 100; i++) {
      String next = events().stream().filter(EngineModel::goesOn).findFirst().orElse("");
      if (next.isEmpty()) {
        break;
      }
      apply(next);
    }
    if (engine.inHand() > 0) {
      throw new AssertionError("a call is left in hand: " + state());
    }
    for (Call call : calls.values()) {
      exchange(call).checkEnded(call.disconnected());
    }
    probe();
  }

  private static boolean goesOn(String event) {
    return event.matches("(read|mark|answer|end|abort|written|later).*");
  }

  /** The slot is not lost: one more call is answered. */
  private void probe() throws Exception {
    submit("P");
    heardAll();
    for (int i = 0; i < 20 && !exchange(call("P")).isAnswered(); i++) {
      apply(events().stream().filter(EngineModel::goesOn).findFirst().orElseThrow());
    }
    if (!exchange(call("P")).isAnswered()) {
      throw new AssertionError("the slot is lost: " + state());
    }
  }

  private void stop() throws IOException {
    closed = true;
    engine.endRequests();
    engine.close();
    for (Call call : calls.values()) {
      exchange(call).checkEnded(call.disconnected());
    }
  }

  /** What tells one situation from another, with generations counted from the current one. */
  String state() throws IOException {
    int generation = word(GENERATION);
    StringBuilder state = new StringBuilder().append(closed).append(deaths);
    state.append(memory.owner(0) < 0 ? "-" : String.valueOf(ownerIndex())).append(word(CANCELLED));
    for (Token token : queue) {
      state.append(token.kind() == Token.FENCE ? "F" : "R" + (generation - token.generation()));
    }
    for (Worker worker : workers) {
      state
          .append('|')
          .append(worker.step)
          .append(worker.step == Step.IDLE ? 0 : generation - worker.token.generation())
          .append(worker.step == Step.IDLE ? "" : worker.call)
          .append(worker.last.generation() < 0 ? -1 : generation - worker.last.generation())
          .append(worker.last.kind())
          .append(worker.owed)
          .append(worker.cancelled);
    }
    calls.forEach(
        (name, call) ->
            state
                .append('|')
                .append(name)
                .append(call.disconnected())
                .append(call.timedOut())
                .append(call.givenUp())
                .append(call.isWaiting())
                .append(call.held() == null)
                .append(exchange(call)));
    return state.append(clock.due.size()).append(engine.inHand()).toString();
  }

  private int ownerIndex() {
    for (int i = 0; i < workers.size(); i++) {
      if (workers.get(i).number == memory.owner(0)) {
        return i;
      }
    }
    return 9;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      engine.endRequests();
      engine.close();
    }
    clock.close();
    responses.close();
    requests.close();
  }
}
