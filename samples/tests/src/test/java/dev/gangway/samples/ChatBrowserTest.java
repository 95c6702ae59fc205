package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.jetty.JettyGateway;
import dev.gangway.python.PythonApplication;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat in two browsers. The pictures stay in target/screenshots. */
class ChatBrowserTest {

  private static final Path PICTURES = Samples.TARGET.resolve("screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path folder;

  @Test
  void whatIsSentInOneWindowIsSeenInBoth() throws Exception {
    Samples.requireStarlette();
    Path program = Chromium.require();
    PythonApplication chat =
        PythonApplication.builder("chat:application")
            .chdir(Samples.SAMPLES.resolve("asgi-chat"))
            .python(Samples.python())
            .workers(1)
            .start();
    try (JettyGateway gateway =
            JettyGateway.builder().bind("127.0.0.1:0").mount("/harbour/chat", chat).start();
        Chromium first = Chromium.start(program, Files.createDirectory(folder.resolve("first")));
        Chromium second =
            Chromium.start(program, Files.createDirectory(folder.resolve("second")))) {
      URI page = gateway.uris().get(0).resolve("/harbour/chat/");
      join(first, page, "Petrel");
      join(second, page, "Havørn");
      awaitText(first, "#here", "On the channel: Havørn, Petrel");
      awaitText(second, "#here", "On the channel: Havørn, Petrel");

      say(first, "Harbour, this is Petrel. Is N4 free <tonight> & tomorrow?");
      awaitText(second, "#said", "Is N4 free <tonight> & tomorrow?");
      awaitText(first, "#said", "Is N4 free <tonight> & tomorrow?");
      say(second, "Petrel, take N4; smørbrød at the kiosk. 🚤");
      awaitText(first, "#said", "smørbrød at the kiosk. 🚤");
      awaitText(second, "#said", "smørbrød at the kiosk. 🚤");
      assertThat(text(first, "#said .own span"))
          .isEqualTo("Harbour, this is Petrel. Is N4 free <tonight> & tomorrow?");
      assertThat(text(second, "#said .own span"))
          .isEqualTo("Petrel, take N4; smørbrød at the kiosk. 🚤");

      String shown = text(first, "#clock");
      await().atMost(PATIENCE).until(() -> !text(first, "#clock").equals(shown));
      assertThat(text(first, "#clock")).matches("\\d\\d:\\d\\d:\\d\\d");

      first.screenshot(PICTURES.resolve("chat-first.png"));
      second.screenshot(PICTURES.resolve("chat-second.png"));
    }
  }

  private static void join(Chromium browser, URI page, String name) {
    browser.open(page);
    submit(browser, "join", "name", name);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                browser.evaluate("String(document.getElementById('talk').hidden)").equals("false"));
  }

  private static void say(Chromium browser, String text) {
    submit(browser, "talk", "text", text);
  }

  private static void submit(Chromium browser, String form, String field, String value) {
    browser.evaluate(
        "{ const form = document.getElementById('%s'); form.elements['%s'].value = '%s';"
                .formatted(form, field, value)
            + " form.requestSubmit(); '' }");
  }

  private static String text(Chromium browser, String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent");
  }

  private static void awaitText(Chromium browser, String selector, String part) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(text(browser, selector)).contains(part));
  }
}
