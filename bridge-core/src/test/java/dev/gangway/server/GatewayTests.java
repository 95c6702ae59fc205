package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the front door of every container does. */
public abstract class GatewayTests {

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  /** Answers with where it is and what is left. */
  protected static GatewayApplication echo(String name) {
    return (environ, startResponse) -> {
      startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
      String seen = name + " " + environ.get("SCRIPT_NAME") + " " + environ.get("PATH_INFO");
      return ResponseBody.of(seen.getBytes(StandardCharsets.ISO_8859_1));
    };
  }

  @SuppressWarnings("serial")
  static final class Hello extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("servlet, async " + request.isAsyncSupported());
    }
  }

  @Test
  void servesSeveralMountsBesideAServlet() throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .mount("/", echo("root"))
            .mount("/shop", echo("shop"))
            .mount("/shop/admin", echo("admin"))
            .servlet("/api/*", new Hello())
            .start()) {
      assertThat(RawClient.get(gateway, "/")).endsWith("root  /");
      assertThat(RawClient.get(gateway, "/shopping")).endsWith("root  /shopping");
      assertThat(RawClient.get(gateway, "/shop")).endsWith("shop /shop ");
      assertThat(RawClient.get(gateway, "/shop/a/b")).endsWith("shop /shop /a/b");
      assertThat(RawClient.get(gateway, "/shop/admin/")).endsWith("admin /shop/admin /");
      assertThat(RawClient.get(gateway, "/api/x")).endsWith("servlet, async true");
    }
  }

  @Test
  void listensAtAUnixDomainSocketBesideAPort() throws Exception {
    Path socket = folder.resolve("gangway.sock");
    try (Gateway gateway =
        builder().bind("unix:" + socket).bind("127.0.0.1:0").mount("/", echo("root")).start()) {
      assertThat(gateway.port()).isPositive();
      assertThat(gateway.uris().get(0).toString()).isEqualTo("unix:" + socket);
      assertThat(RawClient.exchange(gateway.uris().get(0), "GET", "/u")).endsWith("root  /u");
      assertThat(RawClient.exchange(gateway.uris().get(1), "GET", "/t")).endsWith("root  /t");
    }
    assertThat(socket).doesNotExist();
  }

  /** Waits until as many requests are in it as it was told. */
  @SuppressWarnings("serial")
  private static final class Meeting extends HttpServlet {
    private final CountDownLatch missing;

    Meeting(int requests) {
      missing = new CountDownLatch(requests);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      missing.countDown();
      try {
        response.getWriter().print(missing.await(20, TimeUnit.SECONDS) ? "met" : "alone");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void manyRequestsMayBlockAtOnce() throws Exception {
    int requests = 60;
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .mount("/", elsewhere("at once"))
            .servlet("/meet", new Meeting(requests))
            .start()) {
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> getUnchecked(gateway, "/meet"), task -> new Thread(task).start()));
      }
      for (CompletableFuture<String> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).endsWith("met");
      }
      assertThat(RawClient.get(gateway, "/")).endsWith("at once");
    }
  }

  @Test
  void aFilterThatBlocksHoldsUpNoOtherRequest() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    Filter gate =
        (request, response, chain) -> {
          if (((HttpServletRequest) request).getRequestURI().equals("/open")) {
            open.countDown();
          }
          try {
            assertThat(open.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          chain.doFilter(request, response);
        };
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").mount("/", elsewhere("passed")).filter("/*", gate).start()) {
      CompletableFuture<String> first =
          CompletableFuture.supplyAsync(
              () -> getUnchecked(gateway, "/wait"), task -> new Thread(task).start());
      assertThat(RawClient.get(gateway, "/open")).endsWith("passed");
      assertThat(first.get(20, TimeUnit.SECONDS)).endsWith("passed");
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    try (Gateway gateway =
            builder()
                .bind("127.0.0.1:0")
                .mount("/", elsewhere("elsewhere"))
                .mount("/here", echo("here"))
                .start();
        RawClient client = RawClient.to(gateway)) {
      String get = " HTTP/1.1\r\nHost: test\r\n";
      client.send(
          ("GET /1" + get + "\r\n")
              + ("POST /2" + get + "Content-Length: 3\r\n\r\nabc")
              + ("GET /here/3" + get + "\r\n")
              + ("GET /4" + get + "Connection: close\r\n\r\n"));
      assertThat(client.readToEnd())
          .containsSubsequence("elsewhere", "elsewhere", "here /here /3", "elsewhere");
    }
  }

  protected static String getUnchecked(Gateway gateway, String target) {
    try {
      return RawClient.get(gateway, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers from a thread of its own. */
  protected static GatewayApplication elsewhere(String text) {
    return new Elsewhere(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static final class Elsewhere implements GatewayApplication, ExchangeApplication {
    private final byte[] text;

    Elsewhere(byte[] text) {
      this.text = text;
    }

    @Override
    public void handle(Exchange exchange) {
      new Thread(
              () -> {
                exchange.start(200, "OK", List.of(new Header("Content-Type", "text/plain")));
                exchange.complete(text, 0, text.length);
              })
          .start();
    }

    @Override
    public ResponseBody call(Environ environ, StartResponse startResponse) {
      throw new UnsupportedOperationException("asynchronous requests are supported everywhere");
    }
  }
}
