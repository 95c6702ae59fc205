package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A headless Chromium, driven through its DevTools protocol. Values come back in base64, so that no
 * JSON has to be read.
 */
final class Chromium implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+),");
  private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]*)\"");
  private static final Pattern DATA = Pattern.compile("\"data\":\"([^\"]*)\"");

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
  private int lastId;

  private Chromium(Process process, URI page) {
    this.process = process;
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .connectTimeout(PATIENCE)
            .buildAsync(page, new Answers())
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  /** Chromium's program; skips the test where it is not installed. */
  static Path require() {
    Optional<Path> program =
        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty() && Boolean.parseBoolean(System.getenv("CI"))) {
      fail("There is no Chromium; CI needs it: apt-get install chromium");
    }
    assumeTrue(
        program.isPresent(),
        "skipped: there is no Chromium; on Debian it comes with apt-get install chromium");
    return program.orElseThrow();
  }

  /** Starts Chromium with an empty profile in the folder. */
  static Chromium start(Path program, Path folder) throws IOException {
    Path profile = folder.resolve("profile");
    Path log = folder.resolve("chromium.log");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--window-size=1280,1000",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Path ports = profile.resolve("DevToolsActivePort");
      await()
          .atMost(PATIENCE)
          .until(() -> Files.exists(ports) && Files.readAllLines(ports, UTF_8).size() == 2);
      String port = Files.readAllLines(ports, UTF_8).get(0);
      return new Chromium(process, page(port));
    } catch (Throwable failure) {
      end(process);
      throw failure;
    }
  }

  private static URI page(String port) throws IOException {
    String pages;
    try (var stream = URI.create("http://127.0.0.1:" + port + "/json/list").toURL().openStream()) {
      pages = new String(stream.readAllBytes(), UTF_8);
    }
    Matcher address =
        Pattern.compile("\"webSocketDebuggerUrl\": \"(ws://[^\"]+/page/[^\"]+)\"").matcher(pages);
    if (!address.find()) {
      throw new IOException("Chromium has no page: " + pages);
    }
    return URI.create(address.group(1));
  }

  /** Opens an address and waits until the page is loaded. */
  void open(URI address) {
    leave("location.href = '" + address + "'");
  }

  /** Runs a script that leads to another page, and waits until that is loaded. */
  void leave(String script) {
    // The mark is gone with the page that it is on.
    evaluate("window.gangwayMark = 1; " + script + "; ''");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                evaluate("String(document.readyState === 'complete' && !window.gangwayMark)")
                    .equals("true"));
  }

  /** The value of an expression that is a string. */
  String evaluate(String expression) {
    String encoded =
        "btoa(unescape(encodeURIComponent(eval(decodeURIComponent(escape(atob('"
            + Base64.getEncoder().encodeToString(expression.getBytes(UTF_8))
            + "')))))))";
    String answer =
        call("Runtime.evaluate", "{\"expression\":\"" + encoded + "\",\"returnByValue\":true}");
    Matcher value = VALUE.matcher(answer);
    if (!value.find() || answer.contains("exceptionDetails")) {
      throw new IllegalStateException(expression + " gave " + answer);
    }
    return new String(Base64.getDecoder().decode(value.group(1)), UTF_8);
  }

  /** Keeps a picture of the window. */
  void screenshot(Path file) {
    Matcher data = DATA.matcher(call("Page.captureScreenshot", "{\"format\":\"png\"}"));
    if (!data.find()) {
      throw new IllegalStateException("Chromium made no screenshot");
    }
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getDecoder().decode(data.group(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String call(String method, String parameters) {
    int id = ++lastId;
    CompletableFuture<String> answer = new CompletableFuture<>();
    answers.put(id, answer);
    String message =
        "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}";
    socket.sendText(message, true).join();
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    socket.abort();
    end(process);
  }

  private static void end(Process process) {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private final class Answers implements WebSocket.Listener {

    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        Matcher id = ID.matcher(message);
        if (id.find()) {
          CompletableFuture<String> answer = answers.remove(Integer.parseInt(id.group(1)));
          if (answer != null) {
            answer.complete(message.toString());
          }
        }
        message.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }
}
