package dev.gangway.python;

import dev.gangway.Environ;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiHost;
import dev.gangway.exchange.BlockingExchange;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import dev.gangway.servlet.AsgiGateway;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A Python application, of WSGI or ASGI, in worker processes of its own.
 *
 * <pre>{@code
 * try (PythonApplication site =
 *     PythonApplication.builder("mysite.wsgi:application")
 *         .chdir(Path.of("django-site"))
 *         .python(".venv")
 *         .workers(2)
 *         .start()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Mounted in a servlet container it answers asynchronously; called as a {@link
 * dev.gangway.GatewayApplication}, by middleware for example, it holds the caller's thread. Needs
 * Linux or macOS. Safe for many threads.
 */
public final class PythonApplication implements ExchangeApplication, AsgiHost, AutoCloseable {

  private static final Logger LOG = System.getLogger(PythonApplication.class.getName());

  private final PythonSettings settings;
  private final PrivateFolders folders;
  private final SlotMemory memory;
  private final BodyMemory bodies;
  private final Spool spool;
  private final ResponseSpool responses;
  private final Supervisor supervisor;
  private final Restarts restarts;
  private final WorkerPool pool;
  private final SharedSlots engine;
  private final Statistics statistics;
  private final Management management;
  private final RequestIds requestIds = new RequestIds();
  private volatile @Nullable AsgiWorkers streams;
  private volatile boolean started;
  private volatile boolean closing;

  private PythonApplication(PythonSettings settings, List<PythonListener> listeners)
      throws IOException {
    this.settings = settings;
    statistics = new Statistics(listeners);
    management = new Management(this, settings.application());
    folders =
        new PrivateFolders(SlotMemory.size(settings.slots(), settings.slotSize()), settings.user());
    supervisor = new Supervisor();
    try {
      memory = new SlotMemory(folders.slots(), settings.slots(), settings.slotSize());
      bodies = new BodyMemory(folders.bodies());
      spool = new Spool(bodies, folders.spool());
      responses =
          new ResponseSpool(
              folders.disk(), settings.responseBuffer(), settings.responseBufferTotal());
      restarts =
          new Restarts(
              settings.application(),
              statistics,
              System::nanoTime,
              () -> ThreadLocalRandom.current().nextDouble());
      Retirement retirement =
          new Retirement(
              memory, this::retired, supervisor, settings.gracefulTimeout(), this::inHandOf);
      pool =
          new WorkerPool(
              settings,
              folders,
              supervisor,
              retirement,
              restarts,
              statistics,
              this::connect,
              this::workerEnded);
      engine =
          new SharedSlots(
              folders,
              memory,
              pool::send,
              statistics,
              pool::pid,
              this::outage,
              new BrokenWorkers(
                  pool, memory, supervisor, settings.gracefulTimeout(), this::inHandOf),
              supervisor,
              settings.queueTimeout(),
              settings.backlog(),
              settings.workers() * settings.threads());
    } catch (IOException | RuntimeException e) {
      supervisor.close();
      folders.close();
      throw e;
    }
  }

  private void workerEnded(int worker, String how) {
    AsgiWorkers workers = streams;
    if (workers == null) {
      engine.workerEnded(worker, how);
    } else {
      workers.workerEnded(worker, how);
    }
  }

  private void retired(int worker) {
    AsgiWorkers workers = streams;
    if (workers != null) {
      workers.retire(worker);
    }
  }

  /** A worker has found that the application speaks ASGI, or with null WSGI. */
  private synchronized void connect(int worker, long pid, @Nullable Path socket)
      throws IOException {
    AsgiWorkers workers = streams;
    if (closing) {
      throw new IOException("The application is being closed");
    }
    if (started && (workers == null) == (socket != null)) {
      throw new IOException(
          settings.application()
              + " speaks another contract than before: WSGI and ASGI cannot be exchanged by a"
              + " reload, so restart it");
    }
    if (socket == null) {
      return;
    }
    if (workers == null) {
      workers = new AsgiWorkers(settings, statistics, this::outage, this::distrust, supervisor);
      supervisor.every(
          new StreamWatchdog(settings, folders, workers, pool, statistics, supervisor),
          Watchdog.PERIOD);
      streams = workers;
    }
    workers.connect(worker, pid, socket);
  }

  private void distrust(int number) {
    for (WorkerProcess worker : pool.workers()) {
      if (worker.number() == number && worker.isAlive()) {
        worker.process().destroyForcibly();
      }
    }
  }

  /**
   * The application if it speaks ASGI, as a servlet calls it. Java middleware can wrap it.
   *
   * @return null if it speaks WSGI
   */
  @Override
  public @Nullable AsgiApplication asgi() {
    return streams;
  }

  private int outage() {
    return restarts.isLoop() && !pool.serves() ? restarts.retryAfter() : 0;
  }

  private int inHandOf(int worker) {
    AsgiWorkers workers = streams;
    return engine.inHand(worker) + (workers == null ? 0 : workers.inHand(worker));
  }

  /**
   * Replaces every worker without losing a request: new ones import the application and answer the
   * rehearsal first, then the old ones finish what they have in hand. Returns when the new ones
   * serve.
   *
   * @throws PythonStartException if the application does not import any more, or does not answer as
   *     it should; the message holds the Python traceback, and the old workers stay
   */
  public void reload() throws PythonStartException {
    if (closing) {
      throw new PythonStartException(settings.application() + " is being closed");
    }
    pool.reload();
  }

  private void supervise() {
    started = true;
    supervisor.every(
        new Watchdog(settings, folders, engine, pool, statistics, supervisor), Watchdog.PERIOD);
    supervisor.every(new ClientWatch(engine), ClientWatch.PERIOD);
    management.open();
  }

  /**
   * Begins to describe an application.
   *
   * @param application {@code module:callable}, {@code module} (meaning {@code module:application})
   *     or {@code module:factory()}
   * @return a builder with gunicorn's defaults where it has them
   */
  public static Builder builder(String application) {
    return new Builder().application(application);
  }

  @Override
  public void handle(Exchange given) {
    AsgiWorkers workers = streams;
    if (workers != null) {
      new AsgiGateway(workers).handle(given);
      return;
    }
    if (closing) {
      given.fail(503, List.of(), new IOException("The application is being closed"));
      return;
    }
    Exchange exchange = responses.of(given);
    Environ environ = exchange.environ();
    RequestEncoder encoded = new RequestEncoder(memory.room() - PATH_ROOM);
    try {
      encoded.write(environ, requestIds);
    } catch (RequestEncoder.Unencodable e) {
      LOG.log(Level.WARNING, "[{0}] {1}: {2}", encoded.requestId(), e.status(), e.getMessage());
      exchange.fail(e.status(), List.of(), e);
      return;
    }
    if (!exchange.hasBody()) {
      submit(new Call(exchange, encoded, RequestBody.NONE));
    } else if (settings.requestBuffering()) {
      receive(exchange, encoded, environ.contentLength());
    } else {
      submit(new Call(exchange, encoded, new StreamedBody(exchange, memory)));
    }
  }

  /** A slot holds at least so much beside the environ: the path of a body in a file. */
  private static final int PATH_ROOM = 1024;

  private void receive(Exchange exchange, RequestEncoder environ, long length) {
    long limit = settings.limitRequestBody();
    if (limit > 0 && length > limit) {
      exchange.fail(
          413, List.of(), new IOException("The body has " + length + " bytes of " + limit));
      return;
    }
    exchange.receive(
        new BufferedBody(
            spool,
            memory.room() - environ.size(),
            length,
            limit,
            new BufferedBody.Receiver() {
              @Override
              public void received(BufferedBody body) {
                submit(new Call(exchange, environ, body));
              }

              @Override
              public void refused(int status, Throwable cause) {
                Level level = status == 500 ? Level.ERROR : Level.DEBUG;
                LOG.log(
                    level,
                    "[" + environ.requestId() + "] " + status + ": " + cause.getMessage(),
                    cause);
                exchange.fail(status, List.of(), cause);
              }
            }));
  }

  private void submit(Call call) {
    call.exchange().onDisconnect(() -> engine.disconnected(call));
    engine.submit(call);
  }

  @Override
  public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
    AsgiWorkers workers = streams;
    if (workers != null) {
      return new AsgiGateway(workers).call(environ, startResponse);
    }
    BlockingExchange exchange = new BlockingExchange(environ);
    handle(exchange);
    return exchange.respond(startResponse);
  }

  /**
   * The process ids of the workers.
   *
   * @return those that run now
   */
  public List<Long> workerPids() {
    return pool.pids();
  }

  /**
   * What the application is doing now; also in JMX, as {@link PythonApplicationMXBean}.
   *
   * @return numbers of about the same moment
   */
  public PythonSnapshot snapshot() {
    List<PythonSnapshot.Worker> workers =
        pool.workers().stream()
            .map(
                worker ->
                    new PythonSnapshot.Worker(
                        worker.number(),
                        worker.pid(),
                        worker.state(),
                        worker.served(),
                        statistics.answeredBy(worker.number()),
                        inHandOf(worker.number()),
                        worker.residentBytes()))
            .toList();
    int running = workers.stream().mapToInt(PythonSnapshot.Worker::running).sum();
    return statistics.snapshot(
        settings.application(), workers, queued(), running, responses.used(), restarts.state());
  }

  private int queued() {
    AsgiWorkers workers = streams;
    return engine.queued() + (workers == null ? 0 : workers.queued());
  }

  /**
   * How many requests are waiting for a worker or being answered.
   *
   * @return the number now
   */
  public int requestsInHand() {
    AsgiWorkers workers = streams;
    return engine.inHand() + (workers == null ? 0 : workers.inHand());
  }

  /**
   * Ends the application: takes no new requests (they get 503), lets those in hand finish within
   * the graceful timeout, then ends every worker process. Returns when nothing is left of them.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    management.close();
    AsgiWorkers workers = streams;
    if (workers != null) {
      workers.drain();
    }
    awaitRequestsInHand();
    pool.stopReplacing();
    try {
      engine.endRequests();
      if (workers != null) {
        workers.endRequests();
      }
      pool.close();
      if (workers != null) {
        workers.close();
      }
      engine.close();
      responses.close();
      bodies.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Closing " + settings.application() + " failed", e);
    } finally {
      supervisor.close();
      folders.close();
    }
  }

  private void awaitRequestsInHand() {
    long until = System.nanoTime() + settings.gracefulTimeout().toNanos();
    try {
      while (requestsInHand() + responses.size() > 0 && System.nanoTime() < until) {
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int left = requestsInHand() + responses.size();
    if (left > 0) {
      LOG.log(
          Level.WARNING,
          "{0} requests of {1} did not finish within {2}",
          left,
          settings.application(),
          settings.gracefulTimeout());
    }
  }

  @Override
  public String toString() {
    return "PythonApplication[" + settings.application() + "]";
  }

  /** Describes a Python application; see {@link PythonSetting}. Not safe for many threads. */
  public static final class Builder {
    private String application = "";
    private String applicationType = "auto";
    private Path chdir = Path.of("");
    private List<Path> pythonpath = List.of();
    private String python = "python3";
    private int workers = Runtime.getRuntime().availableProcessors();
    private int threads = 1;
    private boolean preload;
    private Map<String, String> env = new HashMap<>();
    private Duration gracefulTimeout = Duration.ofSeconds(30);
    private Duration queueTimeout = Duration.ofSeconds(30);
    private Duration startTimeout = Duration.ofSeconds(60);
    private String rehearsal = "";
    private Duration timeout = Duration.ofSeconds(30);
    private Duration slowRequestLog = Duration.ZERO;
    private int maxRequests;
    private int maxRequestsJitter;
    private Duration maxWorkerLifetime = Duration.ZERO;
    private long reloadOnRss;
    private String user = "";
    private String group = "";
    private String umask = "";
    private long limitAs;
    private int limitNofile;
    private long limitCpu;
    private int backlog = 2048;
    private boolean requestBuffering = true;
    private long limitRequestBody;
    private long responseBuffer = 16 * 1024 * 1024;
    private long responseBufferTotal;
    private int slots = 256;
    private int slotSize = 64 * 1024;
    private final List<PythonListener> listeners = new ArrayList<>();

    Builder() {}

    /**
     * The application.
     *
     * @param name {@code module:callable}, {@code module} or {@code module:factory()}
     * @return this
     */
    public Builder application(String name) {
      application = name;
      return this;
    }

    /**
     * The contract that the application speaks. Otherwise its callable tells: coroutine functions,
     * and objects that are called as one, speak ASGI.
     *
     * @param type {@code auto}, {@code wsgi} or {@code asgi}
     * @return this
     */
    public Builder applicationType(String type) {
      applicationType = type;
      return this;
    }

    /**
     * The folder to run in, from which the application is imported.
     *
     * @param folder an existing folder
     * @return this
     */
    public Builder chdir(Path folder) {
      chdir = folder;
      return this;
    }

    /**
     * More folders to import from.
     *
     * @param folders in the order of the search
     * @return this
     */
    public Builder pythonpath(List<Path> folders) {
      pythonpath = folders;
      return this;
    }

    /**
     * The interpreter.
     *
     * @param interpreterOrEnvironment a name on the PATH, a path, or a virtual environment's folder
     * @return this
     */
    public Builder python(String interpreterOrEnvironment) {
      python = interpreterOrEnvironment;
      return this;
    }

    /**
     * Number of worker processes.
     *
     * @param number at least 1; by default the number of processors
     * @return this
     */
    public Builder workers(int number) {
      workers = number;
      return this;
    }

    /**
     * Number of threads in each worker process.
     *
     * @param number at least 1, which is the default
     * @return this
     */
    public Builder threads(int number) {
      threads = number;
      return this;
    }

    /**
     * Whether one process imports the application and forks the workers, so that they share its
     * memory and a worker is replaced in milliseconds. What the application opens or starts at its
     * import is shared or missing in the workers: connections, threads.
     *
     * @param on by default false: each worker imports the application
     * @return this
     */
    public Builder preload(boolean on) {
      preload = on;
      return this;
    }

    /**
     * Environment variables of the workers, beside those of this process.
     *
     * @param variables added to those set before
     * @return this
     */
    public Builder env(Map<String, String> variables) {
      env.putAll(variables);
      return this;
    }

    /**
     * How long requests in hand may take when the application is closed.
     *
     * @param timeout more than 0; by default 30 seconds
     * @return this
     */
    public Builder gracefulTimeout(Duration timeout) {
      gracefulTimeout = timeout;
      return this;
    }

    /**
     * How long a request may wait for a worker before it gets 503.
     *
     * @param timeout more than 0; by default 30 seconds
     * @return this
     */
    public Builder queueTimeout(Duration timeout) {
      queueTimeout = timeout;
      return this;
    }

    /**
     * How long a worker may take to import the application and to answer the {@link #rehearsal}.
     *
     * @param timeout more than 0; by default 60 seconds
     * @return this
     */
    public Builder startTimeout(Duration timeout) {
      startTimeout = timeout;
      return this;
    }

    /**
     * A GET request that each new worker must answer with a status below 500 before it takes
     * requests: at the start, after {@link PythonApplication#reload()}, and when another worker is
     * replaced. {@code environ["gangway.rehearsal"]} tells the application.
     *
     * @param target a path of the application, sent as if to {@code http://localhost}, or a URL
     *     where the application wants another host or scheme; empty, the default, for none: the
     *     request may have effects
     * @return this
     */
    public Builder rehearsal(String target) {
      rehearsal = target;
      return this;
    }

    /**
     * How long a worker may be silent while it answers, before the client gets 504 and the worker
     * is replaced. Time that the client takes does not count.
     *
     * @param longest 0 for any time; by default 30 seconds
     * @return this
     */
    public Builder timeout(Duration longest) {
      timeout = longest;
      return this;
    }

    /**
     * From when on a request that a worker is busy with is logged as slow, once, with the Python
     * stack of the thread that runs it.
     *
     * @param threshold 0, the default, for none
     * @return this
     */
    public Builder slowRequestLog(Duration threshold) {
      slowRequestLog = threshold;
      return this;
    }

    /**
     * After how many requests a worker is replaced.
     *
     * @param number 0, the default, for never
     * @return this
     */
    public Builder maxRequests(int number) {
      maxRequests = number;
      return this;
    }

    /**
     * The most that is added to {@link #maxRequests} by chance, so that workers are not replaced
     * together.
     *
     * @param number by default 0
     * @return this
     */
    public Builder maxRequestsJitter(int number) {
      maxRequestsJitter = number;
      return this;
    }

    /**
     * After how long a worker is replaced.
     *
     * @param lifetime 0, the default, for never
     * @return this
     */
    public Builder maxWorkerLifetime(Duration lifetime) {
      maxWorkerLifetime = lifetime;
      return this;
    }

    /**
     * How much memory a worker may take before it is replaced. Linux only.
     *
     * @param bytes of resident memory; 0, the default, for any size
     * @return this
     */
    public Builder reloadOnRss(long bytes) {
      reloadOnRss = bytes;
      return this;
    }

    /**
     * The user that the workers run as. Needs root.
     *
     * @param name empty, the default, for the server's
     * @return this
     */
    public Builder user(String name) {
      user = name;
      return this;
    }

    /**
     * The group that the workers run as. Needs root.
     *
     * @param name empty, the default, for the user's
     * @return this
     */
    public Builder group(String name) {
      group = name;
      return this;
    }

    /**
     * The workers' umask.
     *
     * @param octal such as {@code "027"}; empty, the default, for the server's
     * @return this
     */
    public Builder umask(String octal) {
      umask = octal;
      return this;
    }

    /**
     * The largest address space of a worker.
     *
     * @param bytes 0, the default, for any size
     * @return this
     */
    public Builder limitAs(long bytes) {
      limitAs = bytes;
      return this;
    }

    /**
     * The most files that a worker may have open.
     *
     * @param number 0, the default, for what the system permits
     * @return this
     */
    public Builder limitNofile(int number) {
      limitNofile = number;
      return this;
    }

    /**
     * The most processor time that a worker may take before it is killed and replaced.
     *
     * @param seconds 0, the default, for any time
     * @return this
     */
    public Builder limitCpu(long seconds) {
      limitCpu = seconds;
      return this;
    }

    /**
     * How many requests may wait while all slots are taken.
     *
     * @param number at least 1; by default 2048
     * @return this
     */
    public Builder backlog(int number) {
      backlog = number;
      return this;
    }

    /**
     * Whether a request's body is received as a whole before the application runs.
     *
     * @param on true, the default: a slow client holds no worker; false: the body is streamed
     * @return this
     */
    public Builder requestBuffering(boolean on) {
      requestBuffering = on;
      return this;
    }

    /**
     * The largest request body; a larger one gets 413.
     *
     * @param bytes 0, the default, for any size
     * @return this
     */
    public Builder limitRequestBody(long bytes) {
      limitRequestBody = bytes;
      return this;
    }

    /**
     * How much of a response may wait in a temporary file for a client that reads slowly, before
     * its worker waits.
     *
     * @param bytes by default 16 MiB; 0 for none: the worker waits for the client
     * @return this
     */
    public Builder responseBuffer(long bytes) {
      responseBuffer = bytes;
      return this;
    }

    /**
     * How much room on disk the responses of this application may take together that wait for
     * clients that read slowly. What finds none waits for its client as without {@link
     * #responseBuffer}; nothing fails.
     *
     * @param bytes 0, the default, for half of what is free on that disk when the application
     *     starts
     * @return this
     */
    public Builder responseBufferTotal(long bytes) {
      responseBufferTotal = bytes;
      return this;
    }

    /**
     * How many requests may be with the workers at once, queued or running.
     *
     * @param number at least 1; by default 256
     * @return this
     */
    public Builder slots(int number) {
      slots = number;
      return this;
    }

    /**
     * The shared memory of each slot.
     *
     * @param bytes a multiple of 4096; by default 65536
     * @return this
     */
    public Builder slotSize(int bytes) {
      slotSize = bytes;
      return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener told of requests and workers
     * @return this
     */
    public Builder listener(PythonListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * Starts the workers and waits until they have imported the application.
     *
     * @return the running application
     * @throws PythonStartException if it does not start; the message holds the Python traceback
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public PythonApplication start() throws PythonStartException {
      Path folder = chdir.toAbsolutePath().normalize();
      PythonSettings settings =
          new PythonSettings(
              application,
              applicationType,
              folder,
              pythonpath,
              python,
              workers,
              threads,
              preload,
              env,
              gracefulTimeout,
              queueTimeout,
              startTimeout,
              rehearsal,
              timeout,
              slowRequestLog,
              maxRequests,
              maxRequestsJitter,
              maxWorkerLifetime,
              reloadOnRss,
              user,
              group,
              umask,
              limitAs,
              limitNofile,
              limitCpu,
              backlog,
              requestBuffering,
              limitRequestBody,
              responseBuffer,
              responseBufferTotal,
              slots,
              slotSize);
      if (!Files.isDirectory(folder)) {
        throw new PythonStartException("chdir is not a folder: " + folder);
      }
      PythonApplication started;
      try {
        started = new PythonApplication(settings, listeners);
      } catch (IOException e) {
        throw new PythonStartException("The workers' folders cannot be made: " + e.getMessage(), e);
      }
      try {
        started.pool.start();
        started.supervise();
      } catch (PythonStartException | RuntimeException e) {
        started.close();
        throw e;
      }
      return started;
    }
  }
}
