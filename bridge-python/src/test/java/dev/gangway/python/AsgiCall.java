package dev.gangway.python;

import dev.gangway.Header;
import dev.gangway.asgi.Address;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiFailure;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.WebSocketScope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One connection as a servlet would have it: the events that it gives, and those that it gets. */
final class AsgiCall implements Receive, Send {

  private final ArrayDeque<ReceiveEvent> events = new ArrayDeque<>();
  private final ArrayDeque<CompletableFuture<ReceiveEvent>> asked = new ArrayDeque<>();
  private final List<SendEvent> sent = new CopyOnWriteArrayList<>();
  private final ArrayDeque<CompletableFuture<Void>> held = new ArrayDeque<>();
  private boolean holding;
  private CompletableFuture<Void> result = new CompletableFuture<>();

  private static ConnectionScope connection(String scheme, String path, String query) {
    return new ConnectionScope(
        "1.1",
        scheme,
        "/mount" + path,
        "/mount" + path,
        query,
        "/mount",
        List.of(new Header("host", "localhost"), new Header("x-odd", "\u00ff")),
        new Address("192.0.2.1", 4711),
        new Address("localhost", 80),
        null,
        Map.of("gangway.remote_user", "J\u00f6rg"));
  }

  /** A GET without a body, answered. */
  static AsgiCall get(PythonApplication application, String path) throws Exception {
    return open(application, path).finish();
  }

  /** A GET without a body. */
  static AsgiCall open(PythonApplication application, String path) throws Exception {
    AsgiCall call = new AsgiCall();
    call.give(new ReceiveEvent.HttpRequest(ByteBuffer.allocate(0), false));
    return call.begin(application, http("GET", path));
  }

  static HttpScope http(String method, String path) {
    String[] parts = path.split("\\?", 2);
    return new HttpScope(
        connection("http", parts[0], parts.length > 1 ? parts[1] : ""),
        method,
        new HashMap<>(),
        Set.of("http.response.pathsend"));
  }

  static AsgiCall webSocket(PythonApplication application, String path, String... subprotocols)
      throws Exception {
    return new AsgiCall().handshake(application, path, subprotocols);
  }

  /** Begins as a WebSocket that the client asks for. */
  AsgiCall handshake(PythonApplication application, String path, String... subprotocols)
      throws Exception {
    give(new ReceiveEvent.WebSocketConnect());
    return begin(
        application,
        new WebSocketScope(
            connection("ws", path, ""), List.of(subprotocols), new HashMap<>(), Set.of()));
  }

  AsgiCall begin(PythonApplication application, Scope scope) throws Exception {
    AsgiApplication asgi = application.asgi();
    if (asgi == null) {
      throw new IllegalStateException("The application speaks WSGI");
    }
    result = asgi.call(scope, this, this).toCompletableFuture();
    return this;
  }

  /** Waits until the application is through. */
  AsgiCall finish() throws Exception {
    try {
      result.get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (!(e.getCause() instanceof AsgiFailure)) {
        throw e;
      }
    }
    return this;
  }

  /** The status of the failure, or 0 if there was none. */
  int failure() {
    try {
      result.join();
      return 0;
    } catch (CompletionException e) {
      return ((AsgiFailure) e.getCause()).status();
    }
  }

  /** Whether the application is through within some tenths of a second. */
  boolean finishIn(int tenths) throws Exception {
    try {
      result.get(100L * tenths, TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  boolean isDone() {
    return result.isDone();
  }

  void text(String message) {
    give(new ReceiveEvent.WebSocketReceive(null, message));
  }

  void body(String part, boolean more) {
    give(
        new ReceiveEvent.HttpRequest(
            ByteBuffer.wrap(part.getBytes(StandardCharsets.ISO_8859_1)), more));
  }

  void give(ReceiveEvent event) {
    CompletableFuture<ReceiveEvent> waiting;
    synchronized (this) {
      waiting = asked.poll();
      if (waiting == null) {
        events.add(event);
        return;
      }
    }
    waiting.complete(event);
  }

  /** How many events have been given and not been asked for. */
  synchronized int left() {
    return events.size();
  }

  @Override
  public synchronized CompletionStage<ReceiveEvent> receive() {
    ReceiveEvent next = events.poll();
    if (next != null) {
      return CompletableFuture.completedFuture(next);
    }
    CompletableFuture<ReceiveEvent> waiting = new CompletableFuture<>();
    asked.add(waiting);
    return waiting;
  }

  /** From now on no event leaves until {@link #release}. */
  synchronized AsgiCall hold() {
    holding = true;
    return this;
  }

  void release() {
    while (true) {
      CompletableFuture<Void> one;
      synchronized (this) {
        holding = false;
        one = held.poll();
      }
      if (one == null) {
        return;
      }
      one.complete(null);
    }
  }

  @Override
  public CompletionStage<Void> send(SendEvent event) {
    sent.add(event);
    synchronized (this) {
      if (!holding) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> later = new CompletableFuture<>();
      held.add(later);
      return later;
    }
  }

  List<SendEvent> sent() {
    return sent;
  }

  <T extends SendEvent> T await(Class<T> kind) {
    Awaitility.await().until(() -> sent.stream().anyMatch(kind::isInstance));
    return sent.stream().filter(kind::isInstance).map(kind::cast).reduce((a, b) -> b).orElseThrow();
  }

  int status() {
    return await(SendEvent.HttpResponseStart.class).status();
  }

  /** The body, as latin-1. */
  String body() {
    StringBuilder body = new StringBuilder();
    for (SendEvent event : sent) {
      if (event instanceof SendEvent.HttpResponseBody part) {
        body.append(StandardCharsets.ISO_8859_1.decode(part.body().duplicate()));
      }
    }
    return body.toString();
  }

  /** The texts of the messages. */
  List<String> texts() {
    return sent.stream()
        .filter(SendEvent.WebSocketSend.class::isInstance)
        .map(event -> String.valueOf(((SendEvent.WebSocketSend) event).text()))
        .toList();
  }
}
