package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat beside the Django site, with WebSockets and server-sent events. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChatTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "tomcat"})
  void whatOneSaysAllHearWhileTheClockTicks(String program) throws Exception {
    Samples.requireStarlette();
    try (RunningSample sample = RunningSample.start(program, Map.of())) {
      assertThat(sample.output()).contains(sample.uri() + "chat/");
      URI chat = sample.uri().resolve("chat/");
      showsThePage(sample);
      try (ChatClient ingrid = ChatClient.join(chat, "Ingrid")) {
        ingrid.awaitMessage("\"here\":[\"Ingrid\"]");
        try (ChatClient kari = ChatClient.join(chat, "Kari")) {
          ingrid.awaitMessage("\"here\":[\"Ingrid\",\"Kari\"]");
          ingrid.say("Is there a berth for 11 metres?");
          for (ChatClient each : List.of(ingrid, kari)) {
            each.awaitMessage(
                "\"name\":\"Ingrid\"", "\"text\":\"Is there a berth for 11 metres?\"");
          }
          kari.say("N4 is free.");
          ingrid.awaitMessage("\"name\":\"Kari\"", "\"text\":\"N4 is free.\"");
          ticksTwice(chat);
          kari.leave();
        }
        ingrid.awaitMessage("\"here\":[\"Ingrid\"]");
        try (ChatClient late = ChatClient.join(chat, "Late")) {
          late.awaitMessage("\"text\":\"N4 is free.\"");
        }
        aPageOfAnotherSiteIsRefused(chat);
        assertThat(new Visitor(sample.uri()).get("").body()).contains("The harbour tonight");
        assertThat(sample.stop("TERM")).as(sample.output()).isZero();
        assertThat(ingrid.awaitClose()).isEqualTo(1012);
      }
    }
  }

  private static void showsThePage(RunningSample sample) throws Exception {
    Visitor visitor = new Visitor(sample.uri());
    for (String address : List.of("chat/", "chat")) {
      HttpResponse<String> page = visitor.get(address);
      assertThat(page.statusCode()).as(address).isEqualTo(200);
      assertThat(page.body())
          .contains("<base href=\"/chat/\">")
          .contains("Channel 12")
          .contains("a channel of its own");
    }
    assertThat(visitor.get("chat/nowhere").statusCode()).isEqualTo(404);
  }

  private static void ticksTwice(URI chat) throws Exception {
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(chat.resolve("clock")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    List<OffsetDateTime> ticks = new ArrayList<>();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      while (ticks.size() < 2) {
        String line = lines.readLine();
        assertThat(line).as("the stream goes on").isNotNull();
        if (!line.isEmpty()) {
          assertThat(line).startsWith("data: ");
          ticks.add(OffsetDateTime.parse(line.substring("data: ".length())));
        }
      }
    }
    assertThat(ticks).doesNotHaveDuplicates();
  }

  private static void aPageOfAnotherSiteIsRefused(URI chat) {
    assertThatThrownBy(() -> ChatClient.joinFrom("https://elsewhere.example", chat, "Mallory"))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void theRestIsServedWhereStarletteIsMissing() throws Exception {
    try (RunningSample sample = RunningSample.start("jetty", withoutStarlette())) {
      assertThat(sample.output())
          .contains("No chat: ")
          .contains("cannot import starlette (Debian: python3-starlette)")
          .doesNotContain(sample.uri() + "chat/");
      Visitor visitor = new Visitor(sample.uri());
      assertThat(visitor.get("").body()).contains("The harbour tonight");
      assertThat(visitor.get("flask/").body()).contains("metres</strong>");
      assertThat(visitor.get("chat/").statusCode()).isEqualTo(404);
    }
  }

  private Map<String, String> withoutStarlette() throws IOException {
    Files.writeString(
        folder.resolve("starlette.py"), "raise ImportError('hidden by the test')\n", UTF_8);
    return Map.of("PYTHONPATH", folder.toString());
  }
}
