package dev.gangway.conformance;

import static java.util.Objects.requireNonNull;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One server for the tests of a class, with an application that each test chooses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConformanceTest {

  private final ConformanceServer server = newServer();
  private volatile GatewayApplication application;
  private int port;

  /** The container under test. */
  protected abstract ConformanceServer newServer();

  @BeforeAll
  void start() throws Exception {
    GatewayApplication current =
        (environ, startResponse) ->
            requireNonNull(application, "no application").call(environ, startResponse);
    port = server.start(Map.of("", current, "/app", current, "/app/in ner", current));
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    Recorder.assertNoneClosedAgain();
  }

  int port() {
    return port;
  }

  ConformanceServer server() {
    return server;
  }

  void serve(GatewayApplication next) {
    application = next;
  }

  RawHttp.Response exchange(String request) throws Exception {
    return RawHttp.exchange(port, request);
  }

  /** Answers a request with the given application. */
  RawHttp.Response exchange(String request, GatewayApplication next) throws Exception {
    serve(next);
    return exchange(request);
  }

  /** What an application sees of a GET with the given target and header lines. */
  Map<String, Object> environ(String target, String... fields) throws Exception {
    StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String field : fields) {
      request.append(field).append("\r\n");
    }
    return environOf(request + "Connection: close\r\n\r\n");
  }

  /** What an application sees of a request; empty if the request does not reach it. */
  Map<String, Object> environOf(String request) throws Exception {
    Map<String, Object> seen = new LinkedHashMap<>();
    exchange(
        request,
        (environ, startResponse) -> {
          seen.putAll(environ);
          return answer("seen").call(environ, startResponse);
        });
    return seen;
  }

  /** SCRIPT_NAME and PATH_INFO with a bar between, or the status if the request is refused. */
  String pathOf(String target) throws Exception {
    String[] path = new String[1];
    RawHttp.Response response =
        exchange(
            get(target),
            (environ, startResponse) -> {
              path[0] = environ.scriptName() + "|" + environ.pathInfo();
              return answer("seen").call(environ, startResponse);
            });
    return path[0] == null ? Integer.toString(response.status()) : path[0];
  }

  static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  }

  static GatewayApplication answer(String text) {
    return (Environ environ, dev.gangway.StartResponse startResponse) -> {
      startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
      return ResponseBody.of(text);
    };
  }
}
