package dev.gangway.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.BodyWriter;
import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.GatewayInput;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GatewayLintTest {

  private static final StartResponse SERVER = (status, headers, excInfo) -> chunk -> {};

  private final GatewayLint lint = new GatewayLint();

  private static Map<String, Object> good() {
    Map<String, Object> environ = new HashMap<>();
    environ.put("REQUEST_METHOD", "GET");
    environ.put("SCRIPT_NAME", "");
    environ.put("PATH_INFO", "/");
    environ.put("QUERY_STRING", "");
    environ.put("SERVER_NAME", "localhost");
    environ.put("SERVER_PORT", "80");
    environ.put("SERVER_PROTOCOL", "HTTP/1.1");
    environ.put("wsgi.version", List.of(1, 0));
    environ.put("wsgi.url_scheme", "http");
    environ.put("wsgi.input", new GatewayInput(new ByteArrayInputStream(new byte[] {'a'})));
    environ.put("wsgi.errors", new PrintWriter(new StringWriter()));
    environ.put("wsgi.multithread", true);
    environ.put("wsgi.multiprocess", false);
    environ.put("wsgi.run_once", false);
    return environ;
  }

  private static GatewayApplication respond(String status, ResponseBody body, Header... headers) {
    return (environ, startResponse) -> {
      startResponse.start(status, List.of(headers));
      return body;
    };
  }

  private static final GatewayApplication HELLO = respond("200 OK", ResponseBody.of("hello"));

  /** A server that does what it must. */
  private void serve(GatewayApplication application, Map<String, Object> environ) throws Exception {
    try (ResponseBody body = application.with(lint).call(Environ.of(environ), SERVER)) {
      for (byte[] chunk : body) {
        assertThat(chunk).isNotNull();
      }
    }
  }

  private void assertBroken(Rule rule, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ContractException.class,
            e -> {
              assertThat(e.rule()).isEqualTo(rule);
              assertThat(e).hasMessageContaining(rule.text());
            });
  }

  @Test
  void findsNothingWhereNothingIsWrong() throws Exception {
    serve(HELLO, good());
    serve(
        (environ, startResponse) -> {
          assertThat(environ.input().readAllBytes()).hasSize(1);
          ((PrintWriter) environ.get("wsgi.errors")).println("fine");
          startResponse.start("200 OK", List.of());
          BodyWriter writer =
              startResponse.start(
                  "500 Oops", List.of(new Header("Content-Length", "2")), new IOException());
          writer.write(new byte[1]);
          return ResponseBody.lazy(List.of(new byte[0], new byte[1]));
        },
        good());
    lint.checkClosed();
  }

  static Stream<Arguments> environs() {
    return Stream.of(
        Arguments.of(Rule.REQUIRED_KEYS, "SERVER_NAME", null),
        Arguments.of(Rule.REQUIRED_KEYS, "wsgi.input", null),
        Arguments.of(Rule.FORBIDDEN_KEYS, "HTTP_PROXY", "x"),
        Arguments.of(Rule.FORBIDDEN_KEYS, "HTTP_CONTENT_LENGTH", "1"),
        Arguments.of(Rule.STRINGS, "HTTP_X", 1),
        Arguments.of(Rule.STRINGS, "HTTP_X", "\u0100"),
        Arguments.of(Rule.REQUEST_METHOD, "REQUEST_METHOD", "G T"),
        Arguments.of(Rule.REQUEST_METHOD, "REQUEST_METHOD", ""),
        Arguments.of(Rule.SCRIPT_NAME, "SCRIPT_NAME", "/"),
        Arguments.of(Rule.SCRIPT_NAME, "SCRIPT_NAME", "app"),
        Arguments.of(Rule.PATH_INFO, "PATH_INFO", ""),
        Arguments.of(Rule.PATH_INFO, "PATH_INFO", "x"),
        Arguments.of(Rule.PATH_INFO, "PATH_INFO", "*"),
        Arguments.of(Rule.SERVER_PORT, "SERVER_PORT", "http"),
        Arguments.of(Rule.CONTENT_LENGTH, "CONTENT_LENGTH", "-1"),
        Arguments.of(Rule.CONTENT_LENGTH, "CONTENT_LENGTH", ""),
        Arguments.of(Rule.TYPES, "wsgi.version", "1.0"),
        Arguments.of(Rule.TYPES, "wsgi.url_scheme", "ftp"),
        Arguments.of(Rule.TYPES, "wsgi.input", "x"),
        Arguments.of(Rule.TYPES, "wsgi.errors", "x"),
        Arguments.of(Rule.TYPES, "wsgi.file_wrapper", "x"),
        Arguments.of(Rule.TYPES, "wsgi.multithread", "true"));
  }

  @ParameterizedTest
  @MethodSource("environs")
  void checksTheEnviron(Rule rule, String key, Object value) {
    Map<String, Object> environ = good();
    if (value == null) {
      environ.remove(key);
    } else {
      environ.put(key, value);
    }
    assertBroken(rule, () -> serve(HELLO, environ));
  }

  @Test
  void acceptsTheAsteriskOfOptions() throws Exception {
    Map<String, Object> environ = good();
    environ.put("REQUEST_METHOD", "OPTIONS");
    environ.put("PATH_INFO", "*");
    serve(HELLO, environ);
  }

  static Stream<Arguments> applications() {
    ResponseBody one = ResponseBody.of("x");
    return Stream.of(
        Arguments.of(Rule.STATUS, respond("200", one)),
        Arguments.of(Rule.HEADERS, respond("200 OK", one, new Header("a b", ""))),
        Arguments.of(Rule.HEADERS, respond("200 OK", one, new Header("a", "\n"))),
        Arguments.of(Rule.HEADERS, respond("200 OK", one, new Header("Content-Length", "x"))),
        Arguments.of(Rule.HOP_BY_HOP, respond("200 OK", one, new Header("Connection", "close"))),
        Arguments.of(Rule.BODY, respond("200 OK", null)),
        Arguments.of(
            Rule.CHUNKS,
            respond("200 OK", ResponseBody.of(Collections.singletonList((byte[]) null)))),
        Arguments.of(Rule.STARTED, (GatewayApplication) (environ, startResponse) -> one),
        Arguments.of(
            Rule.STARTED, (GatewayApplication) (environ, startResponse) -> ResponseBody.empty()),
        Arguments.of(Rule.NO_BODY, respond("204 No Content", one)),
        Arguments.of(Rule.NO_BODY, respond("304 Not Modified", one)),
        Arguments.of(Rule.LENGTH, respond("200 OK", one, new Header("Content-Length", "2"))),
        Arguments.of(Rule.LENGTH, respond("200 OK", one, new Header("Content-Length", "0"))),
        Arguments.of(Rule.SIZE, respond("200 OK", new Sized(2, List.of(new byte[1])))),
        Arguments.of(
            Rule.STARTED_ONCE,
            (GatewayApplication)
                (environ, startResponse) -> {
                  startResponse.start("200 OK", List.of());
                  startResponse.start("200 OK", List.of());
                  return one;
                }),
        Arguments.of(
            Rule.WRITE,
            (GatewayApplication)
                (environ, startResponse) -> {
                  BodyWriter writer = startResponse.start("200 OK", List.of());
                  return ResponseBody.lazy(
                      () -> {
                        try {
                          writer.write(new byte[1]);
                        } catch (IOException e) {
                          throw new IllegalStateException(e);
                        }
                        return Collections.emptyIterator();
                      });
                }),
        Arguments.of(
            Rule.INPUT,
            (GatewayApplication)
                (environ, startResponse) -> {
                  environ.input().close();
                  return one;
                }),
        Arguments.of(
            Rule.ERRORS,
            (GatewayApplication)
                (environ, startResponse) -> {
                  ((PrintWriter) environ.get("wsgi.errors")).close();
                  return one;
                }));
  }

  private record Sized(int size, List<byte[]> chunks) implements ResponseBody {
    @Override
    public Iterator<byte[]> iterator() {
      return chunks.iterator();
    }
  }

  @ParameterizedTest
  @MethodSource("applications")
  void checksTheApplication(Rule rule, GatewayApplication application) {
    assertBroken(rule, () -> serve(application, good()));
  }

  @Test
  void checksThatHeadHasNoBody() {
    Map<String, Object> environ = good();
    environ.put("REQUEST_METHOD", "HEAD");
    assertBroken(Rule.NO_BODY, () -> serve(HELLO, environ));
  }

  @Test
  void checksThatTheInputIsNotReadAfterTheEnd() throws Exception {
    GatewayInput[] input = new GatewayInput[1];
    serve(
        (environ, startResponse) -> {
          input[0] = environ.input();
          return HELLO.call(environ, startResponse);
        },
        good());
    assertBroken(Rule.INPUT, () -> input[0].read());
  }

  private ResponseBody call(StartResponse server, GatewayApplication application) throws Exception {
    return application.with(lint).call(Environ.of(good()), server);
  }

  @Test
  void checksThatTheServerReturnsAWriter() {
    assertBroken(Rule.WRITER, () -> call((status, headers, excInfo) -> null, HELLO));
  }

  @Test
  void checksThatTheServerThrowsAFailureThatIsTooLate() {
    assertBroken(
        Rule.RERAISE,
        () ->
            call(
                SERVER,
                (environ, startResponse) -> {
                  startResponse.start("200 OK", List.of()).write(new byte[1]);
                  startResponse.start("500 Oops", List.of(), new IOException());
                  return ResponseBody.empty();
                }));
  }

  @Test
  void checksHowTheServerTreatsTheBody() throws Exception {
    ResponseBody body = call(SERVER, HELLO);
    Iterator<byte[]> chunks = body.iterator();
    assertBroken(Rule.ITERATED_ONCE, body::iterator);
    assertBroken(Rule.CLOSED_ONCE, lint::checkClosed);
    body.close();
    lint.checkClosed();
    assertBroken(Rule.CLOSED_ONCE, body::close);
    assertBroken(Rule.SILENT_AFTER_CLOSE, chunks::next);
    assertBroken(Rule.SILENT_AFTER_CLOSE, chunks::hasNext);
    assertBroken(Rule.SILENT_AFTER_CLOSE, body::size);
  }

  @Test
  void hasATestForEveryRule() {
    List<Rule> elsewhere =
        List.of(
            Rule.WRITER,
            Rule.RERAISE,
            Rule.ITERATED_ONCE,
            Rule.CLOSED_ONCE,
            Rule.SILENT_AFTER_CLOSE);
    assertThat(
            Stream.of(environs(), applications())
                .flatMap(arguments -> arguments)
                .map(arguments -> (Rule) arguments.get()[0]))
        .containsAll(
            Arrays.stream(Rule.values())
                .filter(rule -> !elsewhere.contains(rule))
                .filter(rule -> !rule.name().startsWith("ASGI_")) // in AsgiLintTest
                .toList());
  }
}
