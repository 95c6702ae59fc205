package dev.gangway.python;

import dev.gangway.Header;
import dev.gangway.python.SlotTable.Held;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Carries calls in slots of shared memory. All threads of all workers read one request FIFO, so the
 * kernel gives each call to a thread that is idle now; {@link ResponseReader} hears what they
 * answer. Safe for many threads.
 */
final class SharedSlots implements AutoCloseable {

  /** Sends a token to the thread of a worker. */
  interface Credits {
    void send(int worker, int thread, Token token) throws IOException;
  }

  private static final Logger LOG = System.getLogger(SharedSlots.class.getName());

  /** A thread that has read a token has marked its slot long before this time is over. */
  private static final Duration MARKED = Duration.ofSeconds(1);

  private static final String NOT_TAKEN = "No worker took the request within the queue timeout";
  private static final String CRASH_LOOP = "No worker serves, because they die as they start";

  /** After so long, workers have read on behind what they could not make sense of. */
  private static final Duration READ_ON = Duration.ofMillis(100);

  private static final Duration GIVE_UP_PERIOD = Duration.ofMillis(100);

  private static final String LEFT_IN_QUEUE = "The client left while its request was waiting";

  private final SlotMemory memory;
  private final SlotTable<Call> table;
  private final Fifo requests;
  private final Credits credits;
  private final Statistics statistics;
  private final IntToLongFunction pids;
  private final IntSupplier outage;
  private final IntConsumer distrust;
  private final Supervisor supervisor;
  private final long queueTimeout;
  private final int backlog;
  private final ResponseReader reader;
  private final Fences fences = new Fences();
  private boolean garbled; // used by the reading thread

  /** Calls that found no free slot; guarded by itself, as is taking and freeing slots. */
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();

  /**
   * An engine without calls.
   *
   * @param outage after how many seconds a client may try again while no worker serves and none
   *     will soon; else 0
   * @param capacity how many requests the workers can have in hand
   * @param distrust told the number of each worker that broke the protocol, which is to be replaced
   */
  SharedSlots(
      PrivateFolders folders,
      SlotMemory memory,
      Credits credits,
      Statistics statistics,
      IntToLongFunction pids,
      IntSupplier outage,
      IntConsumer distrust,
      Supervisor supervisor,
      Duration queueTimeout,
      int backlog,
      int capacity)
      throws IOException {
    this.memory = memory;
    this.table = new SlotTable<>(memory);
    this.requests = new Fifo(folders.requests());
    this.credits = credits;
    this.statistics = statistics;
    this.pids = pids;
    this.outage = outage;
    this.distrust = distrust;
    this.supervisor = supervisor;
    this.queueTimeout = queueTimeout.toNanos();
    this.backlog = backlog;
    try {
      this.reader =
          new ResponseReader(
              this, memory, table, new Fifo(folders.responses()), folders.areOurs(), capacity);
    } catch (IOException e) {
      requests.close();
      throw e;
    }
    supervisor.every(this::giveUpQueued, GIVE_UP_PERIOD);
  }

  /** Carries a call whose environ is encoded and whose body is at hand or streamed. */
  void submit(Call call) {
    call.submitted(System.nanoTime(), queueTimeout);
    int retryAfter = outage.getAsInt();
    if (retryAfter > 0) {
      refuse(call, retryAfter);
      return;
    }
    Held<Call> held;
    synchronized (waiting) {
      held = table.acquire(call);
      if (held == null && waiting.size() < backlog) {
        waiting.add(call);
        return;
      }
    }
    if (held == null) {
      unavailable(call, "The queue of " + backlog + " requests is full");
    } else {
      send(held);
    }
  }

  private void send(Held<Call> held) {
    Held<Call> next = held;
    while (next != null) {
      Held<Call> sending = next;
      try {
        write(sending);
        return;
      } catch (IOException e) {
        next = release(sending);
        sending.call().body().free();
        sending.call().fail(503, e);
      }
    }
  }

  private void write(Held<Call> held) throws IOException {
    Call call = held.call();
    call.queued(held, fences.written());
    int size = call.environ().size();
    memory.put(held.slot(), 0, call.environ().bytes(), 0, size);
    int place = call.body().place(memory, held.slot(), size);
    if (call.body() instanceof StreamedBody streamed) {
      streamed.sender((kind, length) -> credit(held, kind, length));
    }
    mark(held);
    requests.write(
        new Token(
            held.slot(), held.generation(), size + call.body().length(), Token.REQUEST | place));
  }

  /** Frees the slot, and returns the call that was waiting for one and has it now. */
  private @Nullable Held<Call> release(Held<Call> held) {
    synchronized (waiting) {
      Call call = table.release(held) ? waiting.poll() : null;
      return call == null ? null : table.acquire(call);
    }
  }

  /** The reading thread has heard all that a worker said before it ended. */
  void workerIsGone(int worker, String how) {
    statistics.forget(worker);
    for (Held<Call> held : table.of(owner -> owner == worker)) {
      if (held.call().timedOut()) {
        finish(held);
      } else {
        String request = held.call().environ().describe();
        String id = held.call().requestId();
        LOG.log(Level.ERROR, "[{0}] 502 for {1}: worker {2} {3}", id, request, worker, how);
        note(held, -1);
        statistics.lost(held.call());
        fail(held, 502, new IOException("The worker " + how + " while it answered"));
      }
    }
    if (fences.request()) {
      fence();
    }
  }

  /** A worker answered a call with what is no answer. */
  void isBroken(int worker) {
    distrust.accept(worker);
  }

  /**
   * A worker has read from the request FIFO what we have not written there. Requests may be lost by
   * that, as by the death of a worker that has read them.
   */
  void requestsAreGarbled(int worker, int length) {
    if (garbled) {
      return;
    }
    garbled = true;
    LOG.log(
        Level.ERROR,
        "Worker {0} read {1} bytes from the request FIFO that are no request of ours: somebody"
            + " else wrote there. They were dropped; requests that were lost by it are sent again",
        worker,
        length);
    supervisor.later(() -> act(this::findLost), READ_ON);
  }

  private void findLost() {
    garbled = false;
    fences.forget();
    if (fences.request()) {
      fence();
    }
  }

  private void fence() {
    try {
      requests.write(reader.fence(fences.next()));
      fences.wrote();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The request FIFO is closed", e);
    }
  }

  /**
   * Every token before a fence has been read. A call among them that nobody marks as taken was read
   * by a worker that died at once.
   */
  void fencePassed(int fence) {
    if (!fences.passed(fence)) {
      return;
    }
    if (fences.isWanted() && fences.request()) {
      fence();
    }
    List<Held<Call>> untaken = new ArrayList<>(table.of(owner -> owner < 0));
    untaken.removeIf(held -> !held.call().isBefore(fence));
    if (!untaken.isEmpty()) {
      supervisor.later(() -> resend(untaken), MARKED);
    }
  }

  private void resend(List<Held<Call>> untaken) {
    for (Held<Call> held : untaken) {
      if (memory.owner(held.slot()) < 0) {
        sendAgain(held);
      }
    }
  }

  /** Sends a call that a worker has read and not taken. */
  void sendAgain(Held<Call> held) {
    Held<Call> again = table.renew(held);
    if (again == null) {
      return;
    }
    if (again.call().givenUp()) {
      finish(again);
    } else {
      send(again);
    }
  }

  /** The worker has said its last word for the call. */
  void answered(Held<Call> held) {
    int worker = memory.owner(held.slot());
    long taken = memory.taken(held.slot());
    note(held);
    finish(held);
    if (!held.call().givenUp()) {
      statistics.answered(held.call(), worker, taken, pids);
    }
  }

  /** Tells the access log which worker answers, while the slot is the call's. */
  void note(Held<Call> held) {
    if (held.call().isNoted() && !held.call().givenUp()) {
      note(held, pids.applyAsLong(memory.owner(held.slot())));
    }
  }

  private void note(Held<Call> held, long pid) {
    Call call = held.call();
    call.note(pid, Math.max(0, memory.taken(held.slot()) - call.submitted()));
  }

  /** The call needs its slot no more. */
  void finish(Held<Call> held) {
    // In this order: a streamed body writes to the slot until it is closed.
    held.call().body().close();
    held.call().body().free();
    Held<Call> next = release(held);
    if (next != null) {
      send(next);
    }
  }

  private void fail(Held<Call> held, int status, Throwable cause) {
    finish(held);
    held.call().fail(status, cause);
  }

  /** Tells the thread that answers the call to go on, or what else the kind says. */
  void credit(Held<Call> held, int kind, int length) {
    int worker = memory.owner(held.slot());
    int thread = memory.thread(held.slot());
    if (worker < 0 || !table.goOn(held)) {
      return;
    }
    held.call().heard(System.nanoTime());
    try {
      credits.send(worker, thread, new Token(held.slot(), held.generation(), length, kind));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A worker ended before it was told to go on", e);
    }
  }

  /** The calls that were submitted before a time in {@link System#nanoTime()}, and are not over. */
  List<Call> submittedBefore(long nanoTime) {
    List<Call> calls = new ArrayList<>();
    for (Held<Call> held : table.of(owner -> true)) {
      if (held.call().submitted() - nanoTime < 0) {
        calls.add(held.call());
      }
    }
    synchronized (waiting) {
      for (Call call : waiting) {
        if (call.submitted() - nanoTime >= 0) {
          break; // and so are those behind it
        }
        calls.add(call);
      }
    }
    return calls;
  }

  /** Tells the application that the client has left, in case that it asks. */
  void clientIsGone(Call call) {
    call.clientGone();
    Held<Call> held = call.held();
    synchronized (waiting) {
      if (held != null && table.holds(held)) {
        mark(held);
      }
    }
  }

  private void mark(Held<Call> held) {
    if (held.call().clientIsGone()) {
      memory.clientIsGone(held.slot());
    }
    // After the above, which may be late.
    if (held.call().disconnected()) {
      memory.cancel(held.slot());
    }
  }

  /** Ends a call whose client has left before a worker took it; see {@link #giveUp}. */
  private void drop(Held<Call> held) {
    Call call = held.call();
    if (memory.owner(held.slot()) < 0 && table.holds(held) && !call.timedOut()) {
      call.giveUp();
      call.fail(499, new IOException(LEFT_IN_QUEUE));
    }
  }

  /** The client has left: whoever answers the call is told so. */
  void disconnected(Call call) {
    call.disconnect();
    call.body().disconnected();
    boolean removed;
    Held<Call> held = call.held();
    synchronized (waiting) {
      removed = waiting.remove(call);
      if (!removed && held != null && table.holds(held)) {
        memory.cancel(held.slot());
      }
    }
    if (held != null && call.isWaiting()) {
      credit(held, Token.CANCEL, 0);
    }
    if (removed) {
      call.fail(499, new IOException(LEFT_IN_QUEUE));
    } else if (held != null && memory.owner(held.slot()) < 0 && table.holds(held)) {
      // Not for one that is over: the thread that reads the FIFO must not write to it when it is
      // full.
      act(() -> drop(held));
    }
  }

  /** Refuses the calls that no worker has taken in time. */
  private void giveUpQueued() {
    long now = System.nanoTime();
    int retryAfter = outage.getAsInt();
    List<Call> late = new ArrayList<>();
    synchronized (waiting) {
      while (isLate(waiting.peek(), now) || (retryAfter > 0 && !waiting.isEmpty())) {
        late.add(waiting.remove());
      }
    }
    for (Call call : late) {
      refuse(call, retryAfter);
    }
    for (Held<Call> held : table.of(owner -> owner < 0)) {
      if ((isLate(held.call(), now) || retryAfter > 0) && !held.call().givenUp()) {
        act(() -> giveUp(held, retryAfter));
      }
    }
  }

  /**
   * Refuses a call whose token is in the request FIFO. It keeps its slot until a worker has read
   * that token: so the FIFO never holds more tokens than there are slots, and nobody writes to a
   * slot that is another call's.
   */
  private void giveUp(Held<Call> held, int retryAfter) {
    Call call = held.call();
    if (memory.owner(held.slot()) < 0 && table.holds(held) && !call.timedOut()) {
      call.giveUp();
      call.disconnect();
      memory.cancel(held.slot());
      refuse(call, retryAfter);
    }
  }

  /** Has the action run by the thread that alone uses the exchanges of calls in slots. */
  void act(Runnable action) {
    reader.run(action);
  }

  private static boolean isLate(@Nullable Call call, long now) {
    return call != null && now - call.queuedUntil() >= 0;
  }

  private void unavailable(Call call, String why) {
    logRefusal(Level.WARNING, call, why);
    reject(call, why, 1);
  }

  /** Refuses a call that nobody took in time, or that nobody will: of that the log knows. */
  private void refuse(Call call, int retryAfter) {
    if (retryAfter > 0) {
      logRefusal(Level.DEBUG, call, CRASH_LOOP);
      reject(call, CRASH_LOOP, retryAfter);
    } else {
      unavailable(call, NOT_TAKEN);
    }
  }

  private static void logRefusal(Level level, Call call, String why) {
    LOG.log(level, "[{0}] 503 for {1}: {2}", call.requestId(), call.environ().describe(), why);
  }

  private void reject(Call call, String why, int retryAfter) {
    statistics.rejected(call);
    call.note(-1, System.nanoTime() - call.submitted());
    Header header = new Header("Retry-After", Integer.toString(retryAfter));
    call.fail(503, List.of(header), new IOException(why));
  }

  /** How many calls are waiting or being answered. */
  int inHand() {
    synchronized (waiting) {
      return wanted(owner -> true) + waiting.size();
    }
  }

  /** How many calls no worker has taken yet. */
  int queued() {
    synchronized (waiting) {
      return wanted(owner -> owner < 0) + waiting.size();
    }
  }

  private int wanted(IntPredicate owner) {
    return (int) table.of(owner).stream().filter(held -> !held.call().givenUp()).count();
  }

  /** How many calls a worker is answering, without those that timed out. */
  int inHand(int worker) {
    return (int)
        table.of(owner -> owner == worker).stream().filter(held -> !held.call().timedOut()).count();
  }

  /** The calls that workers have taken. */
  List<Held<Call>> taken() {
    List<Held<Call>> taken = table.of(owner -> owner >= 0);
    for (Held<Call> held : taken) {
      held.call().taken();
    }
    return taken;
  }

  /** For how long a worker has been at a call, in nanoseconds; 0 while none is. */
  long runningFor(Held<Call> held) {
    long taken = Math.max(memory.taken(held.slot()), held.call().submitted());
    return owner(held) < 0 || !table.holds(held) ? 0 : System.nanoTime() - taken;
  }

  /** The thread that has taken a call, as Python numbers it. */
  long threadOf(Held<Call> held) {
    return memory.ident(held.slot());
  }

  /** The worker that has taken a call, or -1. */
  int owner(Held<Call> held) {
    return memory.owner(held.slot());
  }

  /**
   * Ends a call whose worker has been silent for too long; its slot stays the worker's. For the
   * reading thread, see {@link #act}.
   *
   * @return false if it is over already
   */
  boolean timeOut(Held<Call> held) {
    Call call = held.call();
    if (!table.holds(held) || call.timedOut()) {
      return false;
    }
    call.timeOut();
    statistics.timedOut(call);
    note(held);
    call.disconnect();
    memory.cancel(held.slot());
    call.fail(504, new IOException("The worker was silent for too long"));
    return true;
  }

  /** A worker has ended: what it had taken is failed, after what it still said is heard. */
  void workerEnded(int worker, String how) {
    reader.workerEnded(worker, how);
  }

  /** Ends the request FIFO: each thread of a worker ends after the call that it answers. */
  void endRequests() throws IOException {
    requests.close();
  }

  /** Fails what is left, and ends the reading thread. */
  @Override
  public void close() throws IOException {
    reader.close();
    List<Call> left;
    synchronized (waiting) {
      left = new ArrayList<>(waiting);
      waiting.clear();
    }
    left.forEach(call -> unavailable(call, "The application is being closed"));
    for (Held<Call> held : table.of(owner -> true)) {
      if (held.call().timedOut()) {
        finish(held);
      } else {
        fail(held, 503, new IOException("The application is being closed"));
      }
    }
  }
}
