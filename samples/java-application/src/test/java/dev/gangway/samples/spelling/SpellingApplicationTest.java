package dev.gangway.samples.spelling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.GatewayInput;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpellingApplicationTest {

  private final GatewayApplication application = new SpellingApplication();
  private String status = "";
  private List<Header> headers = List.of();

  private ResponseBody call(GatewayApplication called, String method, String path, String query)
      throws Exception {
    return call(called, method, path, query, "");
  }

  private ResponseBody call(
      GatewayApplication called, String method, String path, String query, String body)
      throws Exception {
    Environ environ =
        Environ.of(
            Map.of(
                "REQUEST_METHOD", method,
                "SCRIPT_NAME", "/java",
                "PATH_INFO", path,
                "QUERY_STRING", query,
                "wsgi.input", new GatewayInput(new ByteArrayInputStream(body.getBytes(UTF_8)))));
    return called.call(
        environ,
        (newStatus, newHeaders, excInfo) -> {
          status = newStatus;
          headers = newHeaders;
          return chunk -> {};
        });
  }

  private static String text(ResponseBody body) {
    StringBuilder text = new StringBuilder();
    body.forEach(chunk -> text.append(new String(chunk, UTF_8)));
    return text.toString();
  }

  @Test
  void thePageSpellsTheWordOfTheQuery() throws Exception {
    String page = text(call(application, "GET", "/", "word=%22Sk%C3%A5l%3C"));
    assertThat(status).isEqualTo("200 OK");
    assertThat(page)
        .contains("Sierra Kilo Lima")
        .contains("value=\"&quot;Skål&lt;\"")
        .contains("action=\"/java/\"");
  }

  @Test
  void theLengthIsThatOfTheBytes() throws Exception {
    byte[] body = call(application, "GET", "/", "word=%C3%A5").iterator().next();
    assertThat(headers).contains(new Header("Content-Length", Integer.toString(body.length)));
  }

  @Test
  void aMalformedQueryIsSpelledAsNothing() throws Exception {
    assertThat(text(call(application, "GET", "/spell.json", "word=%zz")))
        .isEqualTo("{\"words\": []}\n");
  }

  @Test
  void theWordsAreAlsoJson() throws Exception {
    assertThat(text(call(application, "GET", "/spell.json", "a=1&word=ab")))
        .isEqualTo("{\"words\": [\"Alfa\", \"Bravo\"]}\n");
  }

  @Test
  void eachLineIsSpelledWhenItIsAskedFor() throws Exception {
    Iterator<byte[]> lines = call(application, "POST", "/spell", "", "zulu\nxy").iterator();
    List<String> spelled = new ArrayList<>();
    lines.forEachRemaining(line -> spelled.add(new String(line, UTF_8)));
    assertThat(spelled).containsExactly("Zulu Uniform Lima Uniform\n", "X-ray Yankee\n");
  }

  @Test
  void anUnknownPathIsNotFound() throws Exception {
    call(application, "GET", "/radio", "");
    assertThat(status).isEqualTo("404 Not Found");
  }

  @Test
  void theMiddlewareAddsHowLongTheApplicationTook() throws Exception {
    AtomicLong clock = new AtomicLong();
    GatewayApplication slow =
        (environ, startResponse) -> {
          clock.addAndGet(2_500_000);
          return application.call(environ, startResponse);
        };
    call(slow.with(new ServerTiming(clock::get)), "GET", "/", "");
    assertThat(headers).contains(new Header("Server-Timing", "app;dur=2.500"));
    assertThat(status).isEqualTo("200 OK");
  }
}
