package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.asgi.WebSocketScope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The WebSockets of a mount. Safe for many threads. */
final class WebSockets {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

  /** How long the close frames may take at a stop, for clients that do not read. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private static final Set<String> EXTENSIONS = Set.of("websocket.http.response");

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final Set<WebSocketConnection> open = ConcurrentHashMap.newKeySet();
  private final WebSocketTimes times;
  private volatile boolean closed;

  WebSockets(WebSocketTimes times) {
    this.times = times;
  }

  /**
   * A request for a WebSocket, on the container's thread.
   *
   * @param request of it
   * @param response not committed
   * @param path where the application is mounted
   * @param notes whether the request carries {@link RequestNotes}
   * @param customizer called before the application
   */
  record Asked(
      HttpServletRequest request,
      HttpServletResponse response,
      RequestPath path,
      boolean notes,
      EnvironCustomizer customizer) {

    /** Nothing of it holds on to the request, which the container may use again. */
    WebSocketScope scope(AsgiState state) {
      Environ environ =
          ServletEnviron.forExchange(
              request, response, path, new RequestContent(request), () -> false);
      if (notes) {
        RequestNotes.attach(request, environ);
      }
      customizer.customize(environ, request);
      return new WebSocketScope(
          AsgiScopes.connection(environ, true),
          OpeningHandshake.subprotocols(request),
          state.copy(),
          EXTENSIONS);
    }
  }

  /**
   * Serves a WebSocket. Returns when it is open or denied: then no thread is held.
   *
   * @param gateway to the application that is called for it
   * @param asked what is asked for
   * @throws IOException to make the container break the connection
   */
  void serve(AsgiGateway gateway, Asked asked) throws IOException {
    HttpServletRequest request = asked.request();
    HttpServletResponse response = asked.response();
    Object container = request.getServletContext().getAttribute(CONTAINER);
    if (container == null) {
      missing(request, response);
      return;
    }
    int refusal = OpeningHandshake.refusal(request);
    if (refusal != 0) {
      if (refusal == OpeningHandshake.UPGRADE_REQUIRED) {
        response.setHeader("Sec-WebSocket-Version", "13");
      }
      ErrorPage.write(response, refusal);
      return;
    }
    if (closed) {
      ErrorPage.write(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    }
    WebSocketScope scope;
    try {
      scope = asked.scope(gateway.state());
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "The application failed on " + Requests.describe(request), e);
      ErrorPage.write(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      return;
    }
    WebSocketConnection connection =
        new WebSocketConnection(scope, Requests.describe(request), times, open::remove);
    open.add(connection);
    if (closed) {
      connection.close(1012, "");
    }
    connection.start(gateway.asgi());
    try {
      decide(container, request, response, connection);
    } catch (LinkageError e) {
      LOGGER.log(Level.DEBUG, "The container's WebSocket API cannot be used", e);
      connection.failed();
      missing(request, response);
    } catch (IOException | RuntimeException e) {
      connection.failed();
      throw e;
    }
  }

  private static void missing(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (WARNED.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "A client asks for a WebSocket at \""
              + request.getRequestURI()
              + "\", but this container has none: add"
              + " org.eclipse.jetty.ee11.websocket:jetty-ee11-websocket-jakarta-server, its twin"
              + " of ee10, or org.apache.tomcat.embed:tomcat-embed-websocket");
    }
    ErrorPage.write(response, HttpServletResponse.SC_NOT_IMPLEMENTED);
  }

  private void decide(
      Object container,
      HttpServletRequest request,
      HttpServletResponse response,
      WebSocketConnection connection)
      throws IOException {
    long end = System.nanoTime() + times.decision().toNanos();
    boolean over = false;
    while (!over) {
      WebSocketHandshake.Step step = await(connection, end);
      if (step instanceof WebSocketHandshake.Accept accept) {
        upgrade(container, request, response, connection, accept);
        over = true;
      } else if (step instanceof WebSocketHandshake.Refuse refuse) {
        ErrorPage.write(response, refuse.status());
        over = true;
      } else if (step instanceof WebSocketHandshake.Denial denial) {
        write(request, response, denial);
        over = denial.last();
      } else {
        if (step == null) {
          LOGGER.log(
              Level.WARNING,
              "The application has not decided within "
                  + times.decision().toSeconds()
                  + " seconds on the WebSocket "
                  + Requests.describe(request));
        }
        connection.failed();
        if (response.isCommitted()) {
          throw Containers.incomplete();
        }
        ErrorPage.write(response, step == null ? HttpServletResponse.SC_GATEWAY_TIMEOUT : 500);
        over = true;
      }
    }
  }

  private static WebSocketHandshake.@Nullable Step await(WebSocketConnection connection, long end)
      throws IOException {
    try {
      return connection.handshake().await(Duration.ofNanos(end - System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The container stops", e);
    }
  }

  private static void upgrade(
      Object container,
      HttpServletRequest request,
      HttpServletResponse response,
      WebSocketConnection connection,
      WebSocketHandshake.Accept accept)
      throws IOException {
    WebSocketUpgrade.run(container, request, response, connection, accept);
    boolean extended = request.getMethod().equals("CONNECT"); // RFC 8441
    if (response.getStatus() != (extended ? 200 : HttpServletResponse.SC_SWITCHING_PROTOCOLS)) {
      LOGGER.log(
          Level.DEBUG,
          "The container answers " + Requests.describe(request) + " with " + response.getStatus());
      connection.failed();
    }
  }

  private static void write(
      HttpServletRequest request, HttpServletResponse response, WebSocketHandshake.Denial denial)
      throws IOException {
    try {
      WebSocketHandshake.Head head = denial.head();
      if (head != null) {
        HeadWriter.apply(request, response, head.status(), head.headers());
      }
      ByteBuffer body = denial.body().duplicate();
      byte[] bytes = new byte[body.remaining()];
      body.get(bytes);
      response.getOutputStream().write(bytes);
      if (!denial.last()) {
        response.flushBuffer();
      }
      denial.written().done(null);
    } catch (IOException e) {
      denial.written().done(e);
      throw e;
    }
  }

  /** Takes WebSockets, also after {@link #close}. */
  void open() {
    closed = false;
  }

  /** Closes all with 1012, "service restart", and takes no more. */
  void close() {
    closed = true;
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    open.forEach(connection -> closing.add(connection.close(1012, "").toCompletableFuture()));
    try {
      CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
          .get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOGGER.log(Level.DEBUG, "Not all clients could be told that the server stops", e);
    }
  }
}
