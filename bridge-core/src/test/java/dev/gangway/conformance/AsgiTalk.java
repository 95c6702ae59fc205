package dev.gangway.conformance;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Receive;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.Send;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Receives and sends for an application of ASGI that is written one step after the other. */
final class AsgiTalk {

  /** An application that is run by a thread of its own. */
  interface Script {
    void run(HttpScope scope, AsgiTalk talk) throws Exception;
  }

  private final Receive receive;
  private final Send send;

  private AsgiTalk(Receive receive, Send send) {
    this.receive = receive;
    this.send = send;
  }

  /** An application that does what the script says, for HTTP. */
  static AsgiApplication application(Script script) {
    return (scope, receive, send) -> {
      if (!(scope instanceof HttpScope http)) {
        throw new UnsupportedScopeException(scope);
      }
      CompletableFuture<Void> end = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  script.run(http, new AsgiTalk(receive, send));
                  end.complete(null);
                } catch (Throwable e) {
                  end.completeExceptionally(e);
                }
              },
              "script");
      thread.setDaemon(true);
      thread.start();
      return end;
    };
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  ReceiveEvent receive() throws Exception {
    return await(receive.receive());
  }

  /** Receives without waiting. */
  CompletableFuture<ReceiveEvent> ask() {
    return receive.receive().toCompletableFuture();
  }

  /** The whole body. */
  byte[] body() throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean more = true;
    while (more) {
      ReceiveEvent.HttpRequest part = (ReceiveEvent.HttpRequest) receive();
      byte[] bytes = new byte[part.body().remaining()];
      part.body().duplicate().get(bytes);
      body.writeBytes(bytes);
      more = part.moreBody();
    }
    return body.toByteArray();
  }

  void send(SendEvent event) throws Exception {
    await(send.send(event));
  }

  /** Sends without waiting. */
  CompletableFuture<Void> begin(SendEvent event) {
    return send.send(event).toCompletableFuture();
  }

  void start(int status, String... fields) throws Exception {
    send(head(status, fields));
  }

  static SendEvent.HttpResponseStart head(int status, String... fields) {
    List<Header> headers = new ArrayList<>();
    for (String field : fields) {
      int colon = field.indexOf(": ");
      headers.add(new Header(field.substring(0, colon), field.substring(colon + 2)));
    }
    return new SendEvent.HttpResponseStart(status, headers);
  }

  void part(String text) throws Exception {
    send(part(bytes(text), true));
  }

  void last(String text) throws Exception {
    send(part(bytes(text), false));
  }

  static SendEvent.HttpResponseBody part(byte[] bytes, boolean more) {
    return new SendEvent.HttpResponseBody(ByteBuffer.wrap(bytes), more);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
