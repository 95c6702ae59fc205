package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.asgi.WebSocketScope;
import dev.gangway.servlet.AsgiGateway;
import dev.gangway.servlet.AsgiServlet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whoever has registered a servlet, its WebSockets end in order. */
class WebSocketLifecycleTest {

  /** Accepts, greets, and waits for the end. */
  private static final AsgiApplication APPLICATION =
      (scope, receive, send) -> {
        if (!(scope instanceof WebSocketScope)) {
          throw new UnsupportedScopeException(scope);
        }
        return receive
            .receive()
            .thenCompose(connect -> send.send(new SendEvent.WebSocketAccept(null, List.of())))
            .thenCompose(accepted -> send.send(new SendEvent.WebSocketSend(null, "hello")))
            .thenCompose(greeted -> receive.receive())
            .thenAccept(disconnect -> {});
      };

  @Configuration(proxyBeanMethods = false)
  static class Applications {
    @Bean
    GatewayRegistrationBean mount() {
      return new GatewayRegistrationBean(new AsgiGateway(APPLICATION), "/mount");
    }

    @Bean
    ServletRegistrationBean<AsgiServlet> registered() {
      return new ServletRegistrationBean<>(new AsgiServlet(APPLICATION), "/registered/*");
    }

    @Bean
    AsgiServlet servlet() {
      return new AsgiServlet(APPLICATION);
    }
  }

  private static final class Listener implements WebSocket.Listener {
    final CompletableFuture<Void> greeted = new CompletableFuture<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence text, boolean last) {
      greeted.complete(null);
      webSocket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable failure) {
      closed.completeExceptionally(failure);
    }
  }

  private static Listener open(RunningApplication application, String path) throws Exception {
    Listener listener = new Listener();
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + application.port() + path), listener)
        .get(20, TimeUnit.SECONDS);
    listener.greeted.get(20, TimeUnit.SECONDS);
    return listener;
  }

  @ParameterizedTest
  @CsvSource({
    "Tomcat, /mount/x",
    "Tomcat, /registered/x",
    "Tomcat, /servlet/x",
    "Jetty, /mount/x",
    "Jetty, /registered/x",
    "Jetty, /servlet/x"
  })
  void theyAreClosedWith1012AndOpenAgainAfterARestart(String server, String path) throws Exception {
    Class<?> chosen = server.equals("Tomcat") ? Servers.Tomcat.class : Servers.Jetty.class;
    try (RunningApplication application =
        RunningApplication.start(
            chosen, List.of(Applications.class), "spring.mvc.servlet.path=/spring")) {
      Listener first = open(application, path);
      application.context().stop();
      assertThat(first.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1012);
      application.context().start();
      Listener second = open(application, path);
      assertThat(second.closed).isNotDone();
    }
  }
}
