package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.FileBody;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.lint.ContractException;
import dev.gangway.lint.GatewayLint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bridge keeps the server's rules, as far as {@link GatewayLint} can tell. */
public abstract class LintConformance extends ConformanceTest {

  private static final Pattern TARGET = Pattern.compile("^\\S+ (\\S+)");

  private final GatewayLint lint = new GatewayLint();

  @TempDir Path folder;

  @AfterEach
  void closesEveryBody() {
    await()
        .pollDelay(Duration.ZERO)
        .ignoreExceptions()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(lint::checkClosed);
  }

  private static GatewayApplication application(Path file, String[] breach) {
    GatewayApplication application =
        (environ, startResponse) -> {
          environ.input().readAllBytes();
          startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
          return switch (environ.pathInfo()) {
            case "/lazy" -> Recorder.lazy("a", "", "b");
            case "/list" -> Recorder.list("a", "b");
            case "/file" -> FileBody.of(file);
            case "/late" -> throw new IllegalStateException("late");
            default -> ResponseBody.empty();
          };
        };
    return (environ, startResponse) -> {
      try {
        return application.call(environ, startResponse);
      } catch (ContractException e) {
        breach[0] = e.getMessage();
        throw e;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /app HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /app/lazy HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /list HTTP/1.0\r\n\r\n",
        "GET /file HTTP/1.1\r\nHost: [::1]:80\r\nX-A: \u00ff\r\nProxy: x\r\n\r\n",
        "GET /late HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%FF;a/%2F HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /list HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Length: 1\r\n\r\nx",
        "PUT /lazy HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
      })
  void keepsTheRulesOfTheServer(String request) throws Exception {
    String[] breach = new String[1];
    Path file = Files.writeString(folder.resolve("file"), "content");
    GatewayApplication linted = application(file, breach).with(lint);
    RawHttp.Response response =
        exchange(
            request,
            (environ, startResponse) -> {
              try {
                return linted.call(environ, startResponse);
              } catch (ContractException e) {
                breach[0] = e.getMessage();
                throw e;
              }
            });
    assertThat(breach[0]).isNull();
    Matcher target = TARGET.matcher(request);
    assertThat(target.find()).isTrue();
    assertThat(response.status())
        .isEqualTo(server().refuses(target.group(1)) ? 400 : request.contains("/late") ? 500 : 200);
    assertThat(response.isComplete()).isTrue();
  }
}
