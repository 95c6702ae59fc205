package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Somebody on the channel of samples/asgi-chat, with the WebSocket client of the JDK. */
final class ChatClient implements AutoCloseable {

  private static final int SECONDS = 30;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;

  private ChatClient(URI address, WebSocket.Builder builder) {
    socket = builder.buildAsync(address, new Ear()).orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /** Joins the channel of the chat at this address, which ends in a slash. */
  static ChatClient join(URI chat, String name) {
    return join(chat, name, HttpClient.newHttpClient().newWebSocketBuilder());
  }

  /** Joins as a page of another site would have the browser do. */
  static ChatClient joinFrom(String origin, URI chat, String name) {
    return join(
        chat, name, HttpClient.newHttpClient().newWebSocketBuilder().header("Origin", origin));
  }

  private static ChatClient join(URI chat, String name, WebSocket.Builder builder) {
    URI address = chat.resolve("talk?name=" + name);
    return new ChatClient(URI.create(address.toString().replaceFirst("^http", "ws")), builder);
  }

  void say(String text) {
    socket.sendText(text, true).join();
  }

  /** Waits for a message with this text, or with this list of names. */
  String awaitMessage(String... parts) throws InterruptedException {
    while (true) {
      String message = heard.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(message).as("a message with %s", (Object) parts).isNotNull();
      // Versions of Starlette differ in the blanks.
      String compact = message.replace(": ", ":").replace(", ", ",");
      if (Stream.of(parts).allMatch(compact::contains)) {
        return compact;
      }
    }
  }

  /** Waits until the server closes, and gives its code. */
  int awaitClose() throws Exception {
    return closed.get(SECONDS, TimeUnit.SECONDS);
  }

  /** Leaves and waits until the server has agreed. */
  void leave() throws Exception {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertThat(awaitClose()).isEqualTo(WebSocket.NORMAL_CLOSURE);
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Ear implements WebSocket.Listener {

    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        heard.add(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
