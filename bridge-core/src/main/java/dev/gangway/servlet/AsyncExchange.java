package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.ClientProbe;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import dev.gangway.exchange.Written;
import dev.gangway.servlet.FileOutput.UnreadableFileException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange on Servlet async and non-blocking I/O (Jakarta Servlet, sections 2.3.3.3, 3.7 and
 * 5.8).
 *
 * <p>Threading: the application's calls come one at a time; the container's calls come beside them.
 * No call waits for the client: what fits the container's buffer need not fit the connection's, so
 * that a client that reads nothing could hold up whoever writes to it.
 */
final class AsyncExchange implements Exchange, AsyncListener {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private static final byte[] NOTHING = new byte[0];

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final RequestContent content;
  private final Environ environ;
  private final AsyncContext async;
  private final boolean toHead;
  private @Nullable AsyncInput input;
  private @Nullable AsyncOutput output;
  private boolean started;
  private boolean over;
  private boolean gone;
  private volatile boolean broken;

  /**
   * Held while the response is broken off, which must not hit the next request of these objects.
   */
  private final Object aborting = new Object();

  private boolean completed; // guarded by aborting
  private @Nullable Runnable onDisconnect;
  private @Nullable ClientLook look;

  private AsyncExchange(
      HttpServletRequest request, HttpServletResponse response, RequestPath path) {
    this.request = request;
    this.response = response;
    content = new RequestContent(request);
    environ = ServletEnviron.forExchange(request, response, path, content, this::hasLeft);
    toHead = request.getMethod().equals("HEAD");
    async = request.startAsync(request, response);
    async.setTimeout(0);
    async.addListener(this);
  }

  /**
   * Hands a request to an application.
   *
   * @param application takes it over
   * @param notes whether the request carries {@link RequestNotes}
   * @param customizer changes the environ before
   */
  static void hand(
      ExchangeApplication application,
      HttpServletRequest request,
      HttpServletResponse response,
      RequestPath path,
      boolean notes,
      EnvironCustomizer customizer) {
    AsyncExchange exchange = new AsyncExchange(request, response, path);
    if (!(response instanceof HttpServletResponseWrapper)) {
      // Here it takes no other thread; the stream of a wrapper may not know how to.
      exchange.openOutput();
    }
    if (notes) {
      RequestNotes.attach(request, exchange.environ);
    }
    try {
      customizer.customize(exchange.environ, request);
      application.handle(exchange);
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "The application failed on " + Requests.describe(request), e);
      exchange.fail(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, List.of(), e);
    }
  }

  @Override
  public Environ environ() {
    return environ;
  }

  @Override
  public boolean hasBody() {
    return content.isPresent();
  }

  @Override
  public void receive(BodyReceiver receiver) {
    if (isOver()) {
      receiver.onError(new IOException("The client has left, or the response is complete"));
      return;
    }
    byte[] rebuilt = content.rebuilt();
    if (rebuilt != null) {
      input = AsyncInput.ofBytes(rebuilt, receiver);
    } else {
      input = AsyncInput.of(request, receiver);
    }
  }

  @Override
  public void resume() {
    if (input != null) {
      if (isOver()) {
        input.onError(new IOException("The client has left, or the response is complete"));
      } else {
        input.resume();
      }
    }
  }

  @Override
  public void start(int status, String reason, List<Header> headers) {
    if (!isOver()) {
      started = true;
      HeadWriter.apply(request, response, status, headers);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Written written) {
    if (isOver()) {
      written.done(new IOException("The response is over"));
      return;
    }
    try {
      output().write(bytes, offset, length, written);
    } catch (IOException e) {
      disconnected(e);
      written.done(e);
    }
  }

  private void openOutput() {
    try {
      output = AsyncOutput.open(response, this::outputFailed);
    } catch (IOException e) {
      disconnected(e);
    }
  }

  private AsyncOutput output() throws IOException {
    if (output == null) {
      output = AsyncOutput.open(response, this::outputFailed);
    }
    if (output.isUnused() && !toHead && !response.isCommitted()) {
      Containers.delimit(request, response);
    }
    return output;
  }

  @Override
  public void complete(byte[] bytes, int offset, int length) {
    if (isOver()) {
      return;
    }
    try {
      int counted = toHead ? 0 : length;
      if (counted > 0) {
        if (isUnused() && !response.containsHeader("Content-Length")) {
          response.setContentLengthLong(counted);
        }
        end(bytes, offset, counted);
      } else if (isUnused() && mayEndEmpty()) {
        endEmpty();
      } else {
        output().complete(this::finish);
      }
    } catch (IOException e) {
      disconnected(e);
    }
  }

  /**
   * Not before the container has said that it can be written to: Tomcat loses a request that is
   * completed while it is about to say so.
   */
  private void endEmpty() {
    if (output == null) {
      finish();
    } else {
      output.whenReady(this::finish);
    }
  }

  /** Writes the last bytes. */
  private void end(byte[] bytes, int offset, int length) throws IOException {
    try {
      output()
          .write(
              bytes,
              offset,
              length,
              failure -> {
                if (failure == null) {
                  finish();
                }
              });
    } catch (IllegalStateException e) {
      if (output != null) {
        throw e;
      }
      // The stream of a filter's wrapper; a thread of the container may wait for the client.
      byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
      async.start(() -> endBlocking(copy));
    }
  }

  private void endBlocking(byte[] bytes) {
    try {
      response.getOutputStream().write(bytes);
      finish();
    } catch (IOException e) {
      disconnected(e);
    }
  }

  private boolean isUnused() {
    return output == null || output.isUnused();
  }

  /** Otherwise Jetty, which sees an empty body, sends a Content-Length of 0. */
  private boolean mayEndEmpty() {
    return !toHead || response.containsHeader("Content-Length");
  }

  @Override
  public void complete(Path file, long offset, long count, Written written) {
    if (isOver()) {
      written.done(new IOException("The response is over"));
      return;
    }
    try {
      AsyncOutput to = output();
      FileOutput body = new FileOutput(request, response, file, offset, count);
      to.write(body, async::start, written, this::finish);
    } catch (IOException e) {
      written.done(e);
      if (response.isCommitted()) {
        disconnected(e);
      } else {
        fail(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, List.of(), e);
      }
    }
  }

  private void finish() {
    if (end()) {
      Containers.complete(request, async);
    }
  }

  @Override
  public void fail(int status, List<Header> headers, Throwable cause) {
    if (!end()) {
      return;
    }
    if (output != null && !isUnused() && !response.isCommitted()) {
      // Only what has begun can be broken off: the head is on its way, so it does not take long.
      output.write(NOTHING, 0, 0, written -> settle(status, headers, cause));
    } else {
      settle(status, headers, cause);
    }
  }

  private void settle(int status, List<Header> headers, Throwable cause) {
    boolean completing = false;
    try {
      if (isUnused() && !response.isCommitted()) {
        if (started) {
          response.reset();
        }
        headers.forEach(header -> response.addHeader(header.name(), header.value()));
        byte[] page = ErrorPage.begin(response, status);
        if (output == null) {
          // A wrapper's stream, which may not know how to be written without blocking.
          response.getOutputStream().write(page);
        } else {
          completing = true;
          output.write(page, 0, page.length, failure -> async.complete());
        }
      } else {
        breakOff(cause);
      }
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "The client left before it got status " + status, e);
    } finally {
      if (!completing && !broken && !dispatched()) {
        async.complete();
      }
    }
  }

  private void breakOff(Throwable cause) throws IOException {
    if (output == null) {
      response.flushBuffer();
    }
    synchronized (aborting) {
      if (completed) {
        broken = true; // by the client, at the same time
        return;
      }
      // Set before: the container may report the error from another thread at once. Completing now
      // could overtake the abort, and make the response look complete.
      broken = Containers.reportsAborts(request);
      if (!Containers.abort(request, response, cause)) {
        // No container has a word for it; both Jetty and Tomcat understand an exception.
        request.setAttribute(ServletBridge.BREAK_OFF, true);
        async.dispatch();
      }
    }
  }

  /** From now on the container may use the request's objects for another. */
  private void completed() {
    synchronized (aborting) {
      completed = true;
    }
  }

  private boolean dispatched() {
    return request.getAttribute(ServletBridge.BREAK_OFF) != null;
  }

  @Override
  public void onDisconnect(Runnable listener) {
    synchronized (this) {
      if (!gone) {
        onDisconnect = listener;
        return;
      }
    }
    listener.run();
  }

  /** For the application. */
  private boolean hasLeft() {
    return isGone() || takeNote(look().now());
  }

  @Override
  public boolean isClientGone(ClientProbe probe) {
    return isGone() || takeNote(look().with(probe));
  }

  private boolean takeNote(ClientProbe.State seen) {
    if (seen == ClientProbe.State.RESET) {
      tellOfDeparture();
    }
    return seen != ClientProbe.State.OPEN;
  }

  private synchronized ClientLook look() {
    ClientLook before = look;
    if (before != null) {
      return before;
    }
    ClientLook first = new ClientLook(request, this::isOver);
    look = first;
    return first;
  }

  private synchronized boolean isGone() {
    return gone;
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** Whether this call is the one that ends the exchange. */
  private synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  private void outputFailed(Throwable cause) {
    if (cause instanceof UnreadableFileException) {
      LOGGER.log(Level.ERROR, "The response to " + Requests.describe(request) + " fails", cause);
      fail(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, List.of(), cause);
    } else {
      disconnected(cause);
    }
  }

  /** The client has left: nothing can be written any more. */
  private void disconnected(Throwable cause) {
    if (!end()) {
      return;
    }
    LOGGER.log(Level.DEBUG, "The client left during " + Requests.describe(request), cause);
    try {
      tellOfDeparture();
    } finally {
      async.complete();
    }
  }

  /** The container, which has not noticed it, does when something is written, or at the end. */
  private void tellOfDeparture() {
    Runnable listener;
    synchronized (this) {
      gone = true;
      listener = onDisconnect;
      onDisconnect = null;
    }
    if (listener != null) {
      listener.run();
    }
  }

  @Override
  public void onError(AsyncEvent event) {
    if (output != null) {
      output.awaitWriter();
    }
    completed();
    if (broken) {
      async.complete();
      return;
    }
    Throwable cause = event.getThrowable();
    disconnected(cause == null ? new IOException("The container reports an error") : cause);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    completed();
    end();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    disconnected(new IOException("The container's timeout for asynchronous requests is over"));
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
