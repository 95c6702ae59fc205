package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.SendEvent.HttpResponseStart;
import dev.gangway.asgi.SendEvent.WebSocketAccept;
import dev.gangway.asgi.SendEvent.WebSocketClose;
import dev.gangway.asgi.SendEvent.WebSocketSend;
import dev.gangway.asgi.WebSocketScope;
import dev.gangway.servlet.AsgiServlet;
import dev.gangway.servlet.ForwardedFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the scopes of ASGI are behind the filter that knows proxies. */
public abstract class ForwardedAsgiConformance {

  private static final String[] FROM_PROXY = {
    "Host: internal:8080",
    "X-Forwarded-For: 6.6.6.6, 192.0.2.7:4711",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: shop.example",
    "X-Forwarded-Prefix: /caf%C3%A9",
  };

  /** Answers with the scope, a WebSocket with one message. */
  private static final AsgiApplication SEEN =
      (scope, receive, send) -> {
        if (scope instanceof WebSocketScope webSocket) {
          return send.send(new WebSocketAccept(null, List.of()))
              .thenCompose(
                  accepted -> send.send(new WebSocketSend(null, seen(webSocket.connection()))))
              .thenCompose(sent -> send.send(new WebSocketClose(1000, "")));
        }
        return send.send(
                new HttpResponseStart(200, List.of(new Header("content-type", "text/plain"))))
            .thenCompose(
                sent ->
                    send.send(
                        SendEvent.HttpResponseBody.last(seen(((HttpScope) scope).connection()))));
      };

  /** How the application is asked. */
  enum Kind {
    HTTP("http") {
      @Override
      String ask(int port, String target, String... fields) throws Exception {
        return RawHttp.exchange(
                port,
                "GET "
                    + target
                    + " HTTP/1.1\r\nConnection: close\r\n"
                    + String.join("\r\n", fields)
                    + "\r\n\r\n")
            .text();
      }
    },
    WEB_SOCKET("ws") {
      @Override
      String ask(int port, String target, String... fields) throws Exception {
        try (RawWebSocket client = RawWebSocket.open(port, target, fields)) {
          return client.read().text();
        }
      }
    };

    private final String scheme;

    Kind(String scheme) {
      this.scheme = scheme;
    }

    abstract String ask(int port, String target, String... fields) throws Exception;
  }

  private final ConformanceServer server = newServer();

  /** The container under test, which believes nobody by itself and removes nothing. */
  protected abstract ConformanceServer newServer();

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private int start(String trusted) throws Exception {
    return server.start(
        "/ctx",
        (classes, context) -> {
          FilterRegistration.Dynamic filter =
              context.addFilter("forwarded", ForwardedFilter.class.getName());
          filter.setInitParameter("forwarded-allow-ips", trusted);
          filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
          filter.setAsyncSupported(true);
          ServletRegistration.Dynamic servlet = context.addServlet("seen", new AsgiServlet(SEEN));
          servlet.addMapping("/app/*");
          servlet.setAsyncSupported(true);
        });
  }

  private static String seen(ConnectionScope scope) {
    StringBuilder seen = new StringBuilder();
    seen.append(scope.scheme()).append('\n');
    seen.append("client ").append(scope.client()).append('\n');
    seen.append("server ").append(scope.server()).append('\n');
    seen.append("root_path ").append(scope.rootPath().replace('\u00e9', 'e')).append('\n');
    seen.append("path ").append(scope.path().replace('\u00e9', 'e')).append('\n');
    seen.append("raw_path ").append(scope.rawPath()).append('\n');
    for (Header header : scope.headers()) {
      if (header.name().matches("host|x-.*|forwarded")) {
        seen.append(header.name()).append(' ').append(header.value()).append('\n');
      }
    }
    return seen.toString();
  }

  @ParameterizedTest
  @EnumSource
  void showsTheClientOfATrustedProxy(Kind kind) throws Exception {
    int port = start("10.0.0.0/8, 127.0.0.1");
    assertThat(kind.ask(port, "/ctx/app/x%20y?q", FROM_PROXY).lines())
        .containsExactlyInAnyOrder(
            kind.scheme + "s",
            "client Address[host=192.0.2.7, port=4711]",
            "server Address[host=127.0.0.1, port=" + port + "]",
            "root_path /cafe/ctx/app",
            "path /cafe/ctx/app/x y",
            "raw_path /caf%C3%A9/ctx/app/x%20y",
            "host shop.example",
            "x-forwarded-for 192.0.2.7:4711",
            "x-forwarded-proto https",
            "x-forwarded-host shop.example",
            "x-forwarded-prefix /caf%C3%A9");
  }

  @ParameterizedTest
  @EnumSource
  void aPeerThatNobodyTrustsTellsNothing(Kind kind) throws Exception {
    int port = start("10.0.0.0/8");
    assertThat(kind.ask(port, "/ctx/app/x%20y?q", FROM_PROXY).lines())
        .filteredOn(line -> !line.startsWith("client "))
        .containsExactly(
            kind.scheme,
            "server Address[host=127.0.0.1, port=" + port + "]",
            "root_path /ctx/app",
            "path /ctx/app/x y",
            "raw_path /ctx/app/x%20y",
            "host internal:8080");
    assertThat(kind.ask(port, "/ctx/app/", FROM_PROXY))
        .contains("client Address[host=127.0.0.1, port=")
        .doesNotContain("port=0]");
  }
}
