package dev.gangway.python;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.asgi.WebSocketScope;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers that serve an ASGI application, each with one event loop and one connection to us, which
 * carries many streams at once. A new stream goes to the worker that has the fewest. Safe for many
 * threads.
 */
final class AsgiWorkers implements AsgiApplication, WorkerStream.Owner, AutoCloseable {

  private static final Logger LOG = System.getLogger(AsgiWorkers.class.getName());
  private static final Duration GIVE_UP_PERIOD = Duration.ofMillis(100);

  /** A worker whose connection has ended is about to end itself. */
  private static final Duration ENDS = Duration.ofSeconds(2);

  private final PythonSettings settings;
  private final Statistics statistics;
  private final IntSupplier outage;
  private final IntConsumer distrust;
  private final Supervisor supervisor;
  private final LinkReader reader;
  private final RequestIds requestIds = new RequestIds();
  private final List<WorkerLink> links = new ArrayList<>(); // guarded by itself, with waiting
  private final ArrayDeque<WorkerStream> waiting = new ArrayDeque<>();
  private volatile boolean closing;

  /**
   * An application without workers yet.
   *
   * @param outage after how many seconds a client may try again while no worker serves and none
   *     will soon; else 0
   * @param distrust told the number of each worker that broke the protocol, which is to be replaced
   */
  AsgiWorkers(
      PythonSettings settings,
      Statistics statistics,
      IntSupplier outage,
      IntConsumer distrust,
      Supervisor supervisor)
      throws IOException {
    this.settings = settings;
    this.statistics = statistics;
    this.outage = outage;
    this.distrust = distrust;
    this.supervisor = supervisor;
    reader = new LinkReader(this::linkEnded);
    supervisor.every(this::giveUpWaiting, GIVE_UP_PERIOD);
  }

  /** A worker listens. */
  void connect(int worker, long pid, Path socket) throws IOException {
    WorkerLink link = new WorkerLink(worker, pid, socket);
    reader.add(link);
    List<WorkerStream> begun = new ArrayList<>();
    synchronized (links) {
      links.add(link);
      for (WorkerStream stream = waiting.poll(); stream != null; stream = waiting.poll()) {
        stream.place(link);
        begun.add(stream);
      }
    }
    begun.forEach(WorkerStream::begin);
  }

  @Override
  public CompletionStage<Void> call(Scope scope, Receive receive, Send send)
      throws UnsupportedScopeException {
    ConnectionScope connection;
    if (scope instanceof HttpScope http) {
      connection = http.connection();
    } else if (scope instanceof WebSocketScope webSocket) {
      connection = webSocket.connection();
    } else {
      throw new UnsupportedScopeException(scope); // workers look after their own lifespans
    }
    WorkerStream stream =
        new WorkerStream(
            scope, connection, receive, send, this, idOf(connection), settings.limitRequestBody());
    submit(stream);
    return stream.result();
  }

  private String idOf(ConnectionScope connection) {
    String traceparent = null;
    String requestId = null;
    for (Header header : connection.headers()) {
      if (header.name().equals("traceparent")) {
        traceparent = header.value();
      } else if (header.name().equals("x-request-id")) {
        requestId = header.value();
      }
    }
    return requestIds.of(traceparent, requestId);
  }

  private void submit(WorkerStream stream) {
    if (closing) {
      stream.refuse(503, List.of(), "The application is being closed");
      return;
    }
    int retryAfter = outage.getAsInt();
    if (retryAfter > 0) {
      reject(stream, "No worker serves, because they die as they start", retryAfter);
      return;
    }
    WorkerLink link;
    boolean full = false;
    synchronized (links) {
      link = leastBusy();
      if (link != null) {
        stream.place(link);
      } else if (waiting.size() < settings.backlog()) {
        waiting.add(stream);
      } else {
        full = true;
      }
    }
    if (link != null) {
      stream.begin();
    } else if (full) {
      reject(stream, "The queue of " + settings.backlog() + " requests is full", 1);
    }
  }

  private @Nullable WorkerLink leastBusy() {
    WorkerLink best = null;
    for (WorkerLink link : links) {
      if (link.serves() && (best == null || link.size() < best.size())) {
        best = link;
      }
    }
    return best;
  }

  private void reject(WorkerStream stream, String why, int retryAfter) {
    LOG.log(Level.WARNING, "[{0}] 503 for {1}: {2}", stream.requestId(), stream.describe(), why);
    statistics.rejected(stream);
    stream.refuse(503, List.of(new Header("Retry-After", Integer.toString(retryAfter))), why);
  }

  private void giveUpWaiting() {
    long now = System.nanoTime();
    int retryAfter = outage.getAsInt();
    List<WorkerStream> late = new ArrayList<>();
    synchronized (links) {
      while (!waiting.isEmpty()
          && (retryAfter > 0
              || now - waiting.peek().submitted() > settings.queueTimeout().toNanos())) {
        late.add(waiting.remove());
      }
    }
    for (WorkerStream stream : late) {
      reject(
          stream, "No worker took the request within the queue timeout", Math.max(1, retryAfter));
    }
  }

  @Override
  public void ended(WorkerStream stream) {
    WorkerLink link = linkOf(stream.worker());
    long pid = link == null ? -1 : link.pid();
    statistics.answered(stream, stream.worker(), stream.begun(), worker -> pid);
  }

  private @Nullable WorkerLink linkOf(int worker) {
    synchronized (links) {
      for (WorkerLink link : links) {
        if (link.worker() == worker) {
          return link;
        }
      }
      return null;
    }
  }

  /** On the reading thread: a worker has closed its connection, or is not to be believed. */
  private void linkEnded(WorkerLink link, IOException why) {
    if (closing) {
      return;
    }
    if (why instanceof ProtocolException) {
      LOG.log(
          Level.ERROR,
          "Worker {0} broke the protocol and is replaced: {1}",
          link.worker(),
          why.getMessage());
      distrust.accept(link.worker());
    } else if (!link.isRetiring()) {
      supervisor.later(() -> distrust.accept(link.worker()), ENDS);
    }
    link.retire();
  }

  /** A worker takes no new streams; its WebSockets are closed, and requests may go on. */
  void retire(int worker) {
    WorkerLink link = linkOf(worker);
    if (link == null) {
      return;
    }
    synchronized (links) {
      link.retire();
    }
    goAway(link);
    // An event stream might never end by itself.
    supervisor.later(
        () -> disconnect(link), settings.gracefulTimeout().multipliedBy(3).dividedBy(4));
  }

  private static void goAway(WorkerLink link) {
    for (WorkerLink.Stream stream : link.streams()) {
      ((WorkerStream) stream).goAway();
    }
  }

  private static void disconnect(WorkerLink link) {
    for (WorkerLink.Stream stream : link.streams()) {
      ((WorkerStream) stream).disconnect(1012, "");
    }
  }

  /** The worker's process has ended. */
  void workerEnded(int worker, String how) {
    WorkerLink link = linkOf(worker);
    if (link == null) {
      return;
    }
    synchronized (links) {
      links.remove(link);
    }
    reader.run(
        () -> {
          reader.finish(link);
          for (WorkerLink.Stream stream : link.streams()) {
            stream.lost(how);
            statistics.lost((WorkerStream) stream);
          }
          close(link);
          statistics.forget(worker);
        });
  }

  private static void close(WorkerLink link) {
    try {
      link.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A link cannot be closed", e);
    }
  }

  /** How many streams are open or waiting. */
  int inHand() {
    synchronized (links) {
      return waiting.size() + links.stream().mapToInt(WorkerLink::size).sum();
    }
  }

  /** How many streams wait for a worker. */
  int queued() {
    synchronized (links) {
      return waiting.size();
    }
  }

  /** How many streams a worker has. */
  int inHand(int worker) {
    WorkerLink link = linkOf(worker);
    return link == null ? 0 : link.size();
  }

  /** The connections to the workers. */
  List<WorkerLink> links() {
    synchronized (links) {
      return List.copyOf(links);
    }
  }

  /** Takes nothing new, and closes WebSockets; requests may go on. */
  void drain() {
    closing = true;
    links().forEach(AsgiWorkers::goAway);
    supervisor.later(
        () -> links().forEach(AsgiWorkers::disconnect),
        settings.gracefulTimeout().multipliedBy(3).dividedBy(4));
  }

  /** Has the action run by the thread that hears what workers say. */
  void act(Runnable action) {
    reader.run(action);
  }

  @Override
  public boolean mayNameFiles() {
    return settings.user().isEmpty();
  }

  /** Ends the connections, upon which the workers end their lifespans and themselves. */
  void endRequests() {
    for (WorkerLink link : links()) {
      disconnect(link);
      link.finish();
    }
  }

  @Override
  public void close() {
    List<WorkerStream> left;
    synchronized (links) {
      left = List.copyOf(waiting);
      waiting.clear();
    }
    left.forEach(stream -> reject(stream, "The application is closed", 1));
    reader.close();
    for (WorkerLink link : links()) {
      link.streams().forEach(stream -> stream.lost("was ended with the application"));
      close(link);
    }
  }
}
