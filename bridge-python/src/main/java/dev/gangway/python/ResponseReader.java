package dev.gangway.python;

import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.Written;
import dev.gangway.python.SlotTable.Held;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Hears what workers answer, and passes it on to the exchanges.
 *
 * <p>Threading: one thread reads the response FIFO, and it alone acts on tokens. That a worker has
 * ended is a token too, so what the worker said before is heard before its calls are failed.
 */
final class ResponseReader implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ResponseReader.class.getName());

  /** The slot number of tokens that we send to ourselves, which carry our secret. */
  private static final int INTERNAL = -1;

  private static final int WORKER_ENDED = Token.MARK | 100;
  private static final int STOP = Token.MARK | 101;
  private static final int ACTION = Token.MARK | 102;

  private final SharedSlots slots;
  private final SlotMemory memory;
  private final SlotTable<Call> table;
  private final Fifo responses;
  private final ResponseTokens tokens;
  private final boolean files;
  private final Gathering gathering;
  private final int secret = new SecureRandom().nextInt();

  /** Another one, because workers see it: theirs must not end our thread. */
  private final int fenceSecret = new SecureRandom().nextInt();

  private final Thread thread;

  /** How workers have ended, until the thread has heard of it. */
  private final Map<Integer, String> ends = new ConcurrentHashMap<>();

  private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();

  /** Calls with parts that are written when all that has been heard with them is known. */
  private final List<Held<Call>> unwritten = new ArrayList<>();

  /**
   * A reader whose thread runs until it is closed.
   *
   * @param files whether workers may have files sent: not those that must not read what we can
   * @param capacity how many requests the workers can have in hand
   */
  ResponseReader(
      SharedSlots slots,
      SlotMemory memory,
      SlotTable<Call> table,
      Fifo responses,
      boolean files,
      int capacity) {
    this.files = files;
    this.gathering = new Gathering(capacity);
    this.slots = slots;
    this.memory = memory;
    this.table = table;
    this.responses = responses;
    this.tokens = new ResponseTokens(responses, memory.slots());
    this.thread = new Thread(this::run, "gangway-responses");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    byte[] payload = new byte[memory.room()];
    int found = 0;
    boolean midway = false;
    while (true) {
      try {
        letGather(found, midway);
        tokens.await();
      } catch (IOException e) {
        LOG.log(Level.ERROR, "The workers' responses cannot be read any more", e);
        return;
      }
      found = 0;
      midway = false;
      for (Token token = tokens.next(); token != null; token = tokens.next()) {
        found++;
        midway |= Token.awaitsCredit(token.kind());
        boolean internal =
            token.slot() == INTERNAL
                && token.generation() == (token.kind() == Token.FENCED ? fenceSecret : secret);
        if (internal && token.kind() == STOP) {
          return;
        }
        try {
          if (internal) {
            writeParts(payload);
            act(token);
          } else {
            accept(token, payload);
          }
        } catch (RuntimeException | Error e) {
          // Without this thread no request would ever be answered again.
          LOG.log(Level.ERROR, "The answer of a worker is lost: " + token, e);
        }
      }
      writeParts(payload);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint is all that yield is meant to be
  private void letGather(int found, boolean midway) {
    long pause = gathering.pause(System.nanoTime(), found, midway, table.inUse());
    if (pause > 0) {
      LockSupport.parkNanos(pause);
    } else {
      // When all processors are busy, more answers are there by then.
      Thread.yield();
    }
  }

  private void workerIsGone(int worker) {
    String how = ends.remove(worker);
    if (how != null) {
      slots.workerIsGone(worker, how);
    }
  }

  private void act(Token token) {
    if (token.kind() == WORKER_ENDED) {
      workerIsGone(token.length());
    } else if (token.kind() == Token.FENCED) {
      slots.fencePassed(token.length());
    } else if (token.kind() == ACTION) {
      Runnable action = actions.poll();
      if (action != null) {
        action.run();
      }
    }
  }

  private void accept(Token token, byte[] payload) {
    if (token.kind() == Token.GARBLED) {
      slots.requestsAreGarbled(token.generation(), token.length());
      return;
    }
    Call call = table.accept(token);
    if (call == null) {
      LOG.log(Level.DEBUG, "Dropped {0}", token);
      return;
    }
    Held<Call> held = new Held<>(token.slot(), token.generation(), call);
    if (call.timedOut()) {
      over(held, token.kind());
      return;
    }
    call.heard(System.nanoTime());
    try {
      if (token.length() < 0 || token.length() > memory.room()) {
        throw new MalformedAnswerException(
            "its length " + token.length() + " is not within 0 to " + memory.room());
      }
      switch (token.kind()) {
        case Token.RESPONSE -> whole(held, token.length(), payload);
        case Token.HEAD, Token.HEAD_MORE -> {
          int end = head(held, token.length(), payload);
          part(held, token.kind(), end, token.length(), payload);
        }
        case Token.PART, Token.PART_MORE -> {
          int begin = call.partsEnd();
          part(held, token.kind(), begin, begin + token.length(), payload);
        }
        case Token.END -> end(held, payload);
        case Token.FILE -> file(held, token.length(), payload);
        case Token.READ -> {
          call.waits();
          if (call.disconnected()) {
            slots.credit(held, Token.CANCEL, 0);
          } else {
            call.body().wanted();
          }
        }
        case Token.RETURNED -> slots.sendAgain(held);
        default -> {
          if (call.unwritten() > 0) {
            write(held, payload, Written.IGNORED);
          }
          slots.answered(held);
          call.exchange().fail(500, List.of(), new IOException("The application failed"));
        }
      }
    } catch (MalformedAnswerException e) {
      int worker = memory.owner(held.slot());
      LOG.log(
          Level.ERROR,
          "[{0}] 502 for {1}: worker {2} answered with what is no response: {3}. It is replaced",
          call.requestId(),
          call.environ().describe(),
          worker,
          e.getMessage());
      abandon(held, token.kind(), e);
      slots.isBroken(worker);
    } catch (IOException | RuntimeException e) {
      cannotPassOn(held, token.kind(), e);
    }
  }

  private void cannotPassOn(Held<Call> held, int kind, Throwable why) {
    Call call = held.call();
    String request = call.environ().describe();
    LOG.log(
        Level.ERROR,
        "[" + call.requestId() + "] 502 for " + request + ": the answer cannot be passed on",
        why);
    abandon(held, kind, why);
  }

  /** The client has got its answer, but the slot is the worker's until its last word. */
  private void over(Held<Call> held, int kind) {
    if (kind == Token.RETURNED) {
      slots.sendAgain(held);
      return;
    }
    if (!Token.goesOn(kind)) {
      slots.credit(held, Token.CANCEL, 0);
    }
    if (Token.endsResponse(kind)) {
      slots.answered(held);
    }
  }

  /** Fails the call, whose worker may not have come to its end. */
  private void abandon(Held<Call> held, int kind, Throwable cause) {
    Call call = held.call();
    call.disconnect();
    slots.note(held);
    call.timeOut();
    call.fail(502, cause);
    if (Token.endsResponse(kind)) {
      slots.finish(held);
    } else {
      // The slot is the worker's until it has said its last word.
      memory.cancel(held.slot());
      slots.credit(held, Token.CANCEL, 0);
    }
  }

  private ResponseHead read(Held<Call> held, int length, byte[] payload)
      throws MalformedAnswerException {
    memory.get(held.slot(), payload, length);
    try {
      return ResponseHead.read(payload, length);
    } catch (IllegalArgumentException e) {
      throw new MalformedAnswerException(e.getMessage(), e);
    }
  }

  private void whole(Held<Call> held, int length, byte[] payload) throws MalformedAnswerException {
    ResponseHead head = read(held, length, payload);
    held.call().status(head.status());
    held.call().addBytes(length - head.end());
    slots.answered(held);
    Exchange exchange = held.call().exchange();
    exchange.start(head.status(), head.reason(), head.headers());
    exchange.complete(payload, head.end(), length - head.end());
  }

  /** Where in the payload the body begins. */
  private int head(Held<Call> held, int length, byte[] payload) throws MalformedAnswerException {
    ResponseHead head = read(held, length, payload);
    held.call().status(head.status());
    held.call().exchange().start(head.status(), head.reason(), head.headers());
    return head.end();
  }

  private void part(Held<Call> held, int kind, int begin, int end, byte[] payload)
      throws MalformedAnswerException {
    Call call = held.call();
    if (end > memory.room()) {
      throw new MalformedAnswerException("its parts end at " + end + " of " + memory.room());
    }
    boolean waits = Token.awaitsCredit(kind);
    if (waits) {
      // In this order: whoever disconnects the call looks whether it waits.
      call.waits();
    }
    boolean first = call.unwritten() == 0;
    call.part(begin, end, waits);
    if (call.disconnected()) {
      call.dropParts();
      if (waits) {
        slots.credit(held, Token.CANCEL, 0);
      }
      return;
    }
    call.addBytes(end - begin);
    if (waits) {
      write(
          held,
          payload,
          failure -> slots.credit(held, failure == null ? Token.CREDIT : Token.CANCEL, 0));
    } else if (first) {
      unwritten.add(held);
    }
  }

  /** Writes what there is of a call's parts as one. */
  private void write(Held<Call> held, byte[] payload, Written written) {
    Call call = held.call();
    int length = call.takeParts(memory, held.slot(), payload);
    call.exchange().write(payload, 0, length, written);
  }

  private void writeOrAbandon(Held<Call> held, byte[] payload) {
    try {
      write(held, payload, Written.IGNORED);
    } catch (RuntimeException | Error e) {
      cannotPassOn(held, Token.PART_MORE, e);
    }
  }

  private void writeParts(byte[] payload) {
    try {
      for (Held<Call> held : unwritten) {
        if (held.call().unwritten() > 0 && !held.call().timedOut() && table.holds(held)) {
          writeOrAbandon(held, payload);
        }
      }
    } finally {
      unwritten.clear();
    }
  }

  private void end(Held<Call> held, byte[] payload) {
    Call call = held.call();
    if (!call.partsWritten()) {
      // Otherwise it would depend on how fast the parts have come whether they are sent as chunks.
      write(held, payload, Written.IGNORED);
    }
    int length = call.takeParts(memory, held.slot(), payload);
    slots.answered(held);
    call.exchange().complete(payload, 0, length);
  }

  private void file(Held<Call> held, int length, byte[] payload) throws MalformedAnswerException {
    if (!files) {
      throw new MalformedAnswerException("a worker of another user must not have files sent");
    }
    ResponseHead head = read(held, length, payload);
    SentFile sent = SentFile.read(payload, head.end(), length);
    Call call = held.call();
    call.status(head.status());
    slots.note(held);
    try {
      call.exchange().start(head.status(), head.reason(), head.headers());
      call.exchange().complete(sent.path(), sent.offset(), sent.count(), failure -> {});
    } finally {
      // The exchange has opened the file: the worker may close and remove it.
      slots.credit(held, Token.CREDIT, 0);
      slots.answered(held);
    }
  }

  /** A token for the request FIFO that comes back when all before it have been read. */
  Token fence(int number) {
    return new Token(INTERNAL, fenceSecret, number, Token.FENCE);
  }

  /** Has {@link SharedSlots#workerIsGone} called when all that the worker said has been heard. */
  void workerEnded(int worker, String how) {
    ends.put(worker, how);
    tell(new Token(INTERNAL, secret, worker, WORKER_ENDED));
  }

  /**
   * Has the action run by the reading thread, which alone uses the exchange of a call in a slot.
   */
  void run(Runnable action) {
    actions.add(action);
    tell(new Token(INTERNAL, secret, 0, ACTION));
  }

  private void tell(Token token) {
    try {
      responses.write(token);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The response FIFO is closed", e);
    }
  }

  /** Ends the thread, and waits for its end. */
  @Override
  public void close() throws IOException {
    tell(new Token(INTERNAL, secret, 0, STOP));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    responses.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
