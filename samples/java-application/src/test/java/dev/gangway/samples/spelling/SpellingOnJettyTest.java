package dev.gangway.samples.spelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.jetty.JettyGateway;
import dev.gangway.lint.GatewayLint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The application and its middleware keep the contract: a lint on every side watches. */
class SpellingOnJettyTest {

  private final GatewayLint outside = new GatewayLint();
  private final GatewayLint inside = new GatewayLint();
  private final HttpClient client = HttpClient.newHttpClient();
  private JettyGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway =
        JettyGateway.builder()
            .bind("127.0.0.1:0")
            .mount("/java", new SpellingApplication().with(outside, new ServerTiming(), inside))
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private HttpResponse<String> send(String method, String path, BodyPublisher body)
      throws Exception {
    URI uri = gateway.uris().get(0).resolve(path);
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri).method(method, body).build(), BodyHandlers.ofString());
    // The server closes a body after its last byte, so perhaps after the client has it.
    await().ignoreExceptions().until(this::allAreClosed);
    return answer;
  }

  private boolean allAreClosed() {
    outside.checkClosed();
    inside.checkClosed();
    return true;
  }

  @Test
  void thePageKeepsTheContract() throws Exception {
    HttpResponse<String> page = send("GET", "/java/?word=pilot", BodyPublishers.noBody());
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body()).contains("Papa India Lima Oscar Tango");
    assertThat(page.headers().firstValue("Server-Timing").orElse("")).startsWith("app;dur=");
  }

  @Test
  void aHeadKeepsTheContract() throws Exception {
    HttpResponse<String> head = send("HEAD", "/java", BodyPublishers.noBody());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
  }

  @Test
  void streamingBothWaysKeepsTheContract() throws Exception {
    HttpResponse<String> lines =
        send("POST", "/java/spell", BodyPublishers.ofString("ab\n\nz\n".repeat(1_000)));
    assertThat(lines.statusCode()).isEqualTo(200);
    assertThat(lines.body()).isEqualTo("Alfa Bravo\n\nZulu\n".repeat(1_000));
  }

  @Test
  void anUnknownPathKeepsTheContract() throws Exception {
    assertThat(send("PUT", "/java/radio", BodyPublishers.ofString("x")).statusCode())
        .isEqualTo(404);
  }
}
