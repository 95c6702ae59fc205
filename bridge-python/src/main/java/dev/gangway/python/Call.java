package dev.gangway.python;

import dev.gangway.Header;
import dev.gangway.exchange.Exchange;
import dev.gangway.servlet.RequestNotes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a worker and back. Its fields are handed from thread to thread by the
 * engine: only one of them is at work on a call at any time.
 */
final class Call implements RequestNotes.Source, Statistics.Request {

  private static final Logger LOG = System.getLogger(Call.class.getName());

  private final Exchange exchange;
  private final RequestEncoder environ;
  private final RequestBody body;
  private volatile boolean disconnected;
  private volatile boolean clientGone;

  /** The call in its slot; set before its token is sent. */
  private volatile SlotTable.@Nullable Held<Call> held;

  /** When the call is given up if no worker has taken it, in {@link System#nanoTime()}. */
  private volatile long queuedUntil;

  private volatile long submitted;
  private volatile int fencesBefore;

  // Used by the reading thread, and by whoever ends the call after it.
  private volatile int status = 500;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Where in the slot's payload the parts are that are to be written, and where the next will be.
   */
  private int partsBegin;

  private int partsEnd;
  private int unwritten;
  private boolean partsWritten;

  /**
   * When the worker was last heard of, in {@link System#nanoTime()}; 0 while it waits for the
   * client, or has not been seen to take the call.
   */
  private volatile long heard;

  private volatile boolean timedOut;
  private volatile boolean givenUp;
  private volatile boolean seen;

  /** Whether somebody asks for notes when the call is over. */
  private final boolean noted;

  private volatile long workerPid = -1;
  private volatile long queueNanos = -1;
  private boolean slowLogged; // used by the supervisor's thread

  Call(Exchange exchange, RequestEncoder environ, RequestBody body) {
    this.exchange = exchange;
    this.environ = environ;
    this.body = body;
    RequestNotes notes = environ.notes();
    noted = notes != null;
    if (notes != null) {
      notes.source(this);
    }
  }

  boolean isNoted() {
    return noted;
  }

  /** What the access log is to say. */
  void note(long pid, long nanosInQueue) {
    workerPid = pid;
    queueNanos = nanosInQueue;
  }

  @Override
  public String requestId() {
    return environ.requestId();
  }

  @Override
  public long workerPid() {
    return workerPid;
  }

  @Override
  public long queueNanos() {
    return queueNanos;
  }

  @Override
  public @Nullable String variable(String name) {
    return environ.value(name);
  }

  /** Whether this is the first time that the call is found to be slow. */
  boolean becomesSlow() {
    boolean first = !slowLogged;
    slowLogged = true;
    return first;
  }

  @Override
  public String method() {
    return environ.method();
  }

  @Override
  public String target() {
    return environ.target();
  }

  @Override
  public @Nullable String traceId() {
    return environ.traceId();
  }

  Exchange exchange() {
    return exchange;
  }

  RequestEncoder environ() {
    return environ;
  }

  RequestBody body() {
    return body;
  }

  SlotTable.@Nullable Held<Call> held() {
    return held;
  }

  /**
   * The call is in a slot, and no worker has taken it.
   *
   * @param fences how many fences are in the request FIFO before its token, or were
   */
  void queued(SlotTable.Held<Call> slot, int fences) {
    held = slot;
    fencesBefore = fences;
    seen = false;
    heard = 0;
  }

  /** Whether its token is in the request FIFO before the fence of that number, or may be. */
  boolean isBefore(int fence) {
    return fencesBefore < fence;
  }

  /** When the call was complete and could be taken, in {@link System#nanoTime()}. */
  @Override
  public long submitted() {
    return submitted;
  }

  /** What the application answered, or 500 while it has not. */
  @Override
  public int status() {
    return status;
  }

  void status(int threeDigits) {
    status = threeDigits;
  }

  /** How many bytes of the body the application has sent. */
  @Override
  public long bytes() {
    return bytes.get();
  }

  void addBytes(int number) {
    bytes.addAndGet(number);
  }

  /** Where in the slot's payload its worker puts the next part of the response. */
  int partsEnd() {
    return partsEnd;
  }

  /**
   * A part is there, behind those that are to be written.
   *
   * @param last whether its worker waits, and then puts the next one where the payload begins
   */
  void part(int begin, int end, boolean last) {
    if (unwritten == 0) {
      partsBegin = begin;
    }
    unwritten += end - begin;
    partsEnd = last ? 0 : end;
  }

  /** How many bytes of parts are to be written. */
  int unwritten() {
    return unwritten;
  }

  /** Whether some have been written before. */
  boolean partsWritten() {
    return partsWritten;
  }

  /** Takes the parts that are to be written, and returns how many bytes they have. */
  int takeParts(SlotMemory memory, int slot, byte[] into) {
    int length = unwritten;
    memory.get(slot, partsBegin, into, length);
    unwritten = 0;
    partsWritten = true;
    return length;
  }

  /** Those that are to be written are not. */
  void dropParts() {
    unwritten = 0;
  }

  long queuedUntil() {
    return queuedUntil;
  }

  void submitted(long nanoTime, long queueTimeout) {
    submitted = nanoTime;
    queuedUntil = nanoTime + queueTimeout;
  }

  /** The worker was heard of, or goes on after it waited for the client. */
  void heard(long nanoTime) {
    seen = true;
    heard = nanoTime == 0 ? 1 : nanoTime;
  }

  /** The worker was seen to have taken the call. */
  void taken() {
    if (!seen) {
      seen = true;
      heard(System.nanoTime());
    }
  }

  /** The worker waits for the client, and may do so as long as the client likes. */
  void waits() {
    seen = true;
    heard = 0;
  }

  /** Whether the worker waits for the client. */
  boolean isWaiting() {
    return seen && heard == 0;
  }

  /** For how long the worker could have been heard of and was not, in nanoseconds. */
  long silentFor(long nanoTime) {
    long last = heard;
    return last == 0 || timedOut ? 0 : nanoTime - last;
  }

  @Override
  public boolean timedOut() {
    return timedOut;
  }

  void timeOut() {
    timedOut = true;
  }

  /** Whether it was refused before a worker took it; its slot is free when its token is read. */
  boolean givenUp() {
    return givenUp;
  }

  void giveUp() {
    givenUp = true;
    timedOut = true;
  }

  boolean disconnected() {
    return disconnected;
  }

  void disconnect() {
    disconnected = true;
  }

  /** Whether the client has left, for all that is known: it may still read the response. */
  boolean clientIsGone() {
    return clientGone;
  }

  void clientGone() {
    clientGone = true;
  }

  /** Ends the call with a failure; a worker that has it may go on reading its body. */
  void fail(int status, Throwable cause) {
    fail(status, List.of(), cause);
  }

  /** The same; whatever the container makes of it, the caller goes on with its other calls. */
  void fail(int status, List<Header> headers, Throwable cause) {
    body.close();
    if (held == null) {
      body.free();
    }
    try {
      exchange.fail(status, headers, cause);
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR, "[" + requestId() + "] The container failed to send status " + status, e);
    }
  }
}
