package dev.gangway.samples.spelling;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Spells words over the radio: a page with a form at {@code /}, JSON at {@code /spell.json}, and at
 * {@code /spell} the lines of a posted text, each answered as soon as it is read. Safe for many
 * threads: it has no state.
 */
public final class SpellingApplication implements GatewayApplication {

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <title>Spell it</title>
        <style>
          body { font: 17px/1.5 system-ui, "DejaVu Sans", sans-serif; margin: 3rem auto;
            max-width: 34rem; padding: 0 1rem; color: #1d2b33; }
        </style>
      </head>
      <body>
        <h1>Spell it</h1>
        <form action="%s/"><input name="word" value="%s"> <button>Spell</button></form>
        <p>%s</p>
      </body>
      </html>
      """;

  @Override
  public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
    return switch (environ.requestMethod() + " " + environ.pathInfo()) {
      case "GET ", "HEAD ", "GET /", "HEAD /" -> page(environ, startResponse);
      case "GET /spell.json", "HEAD /spell.json" -> json(environ, startResponse);
      case "POST /spell" -> lines(environ, startResponse);
      default ->
          answer(
              environ,
              startResponse,
              "404 Not Found",
              "text/plain; charset=utf-8",
              "No such page\n");
    };
  }

  private static ResponseBody page(Environ environ, StartResponse startResponse) throws Exception {
    String word = word(environ);
    return answer(
        environ,
        startResponse,
        "200 OK",
        "text/html; charset=utf-8",
        PAGE.formatted(
            escape(environ.scriptName()), escape(word), String.join(" ", Spelling.spell(word))));
  }

  private static ResponseBody json(Environ environ, StartResponse startResponse) throws Exception {
    String words =
        Spelling.spell(word(environ)).stream()
            .map(word -> '"' + word + '"')
            .collect(Collectors.joining(", ", "[", "]"));
    return answer(
        environ, startResponse, "200 OK", "application/json", "{\"words\": " + words + "}\n");
  }

  /** Streams both ways: a line is read from the request when the server asks for a chunk. */
  private static ResponseBody lines(Environ environ, StartResponse startResponse) throws Exception {
    startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain; charset=utf-8")));
    return ResponseBody.lazy(() -> new SpelledLines(environ.input().iterator()));
  }

  private static ResponseBody answer(
      Environ environ, StartResponse startResponse, String status, String type, String text)
      throws Exception {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    startResponse.start(
        status,
        List.of(
            new Header("Content-Type", type),
            new Header("Content-Length", Integer.toString(body.length))));
    return environ.requestMethod().equals("HEAD") ? ResponseBody.empty() : ResponseBody.of(body);
  }

  /** The query's {@code word}, or the name of this project. */
  private static String word(Environ environ) {
    for (String pair : environ.queryString().split("&", -1)) {
      if (pair.startsWith("word=")) {
        try {
          return URLDecoder.decode(pair.substring("word=".length()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return "";
        }
      }
    }
    return "Gangway";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
