package dev.gangway.conformance;

import static java.util.Objects.requireNonNull;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.servlet.AsgiServlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * One server for the tests of a class, with an ASGI application that each test chooses: at the
 * root, below {@code /app}, and below {@code /sync}, where a thread of the container has to wait.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AsgiConformanceTest {

  private final ConformanceServer server = newServer();
  private volatile AsgiApplication application;
  private volatile CompletableFuture<Throwable> ended;
  private int port;

  /** The container under test. */
  protected abstract ConformanceServer newServer();

  @BeforeAll
  void start() throws Exception {
    port =
        server.start(
            "",
            (classes, context) -> {
              add(context, "/*", true);
              add(context, "/app/*", true);
              add(context, "/sync/*", false);
            });
  }

  private void add(ServletContext context, String pattern, boolean asynchronous) {
    ServletRegistration.Dynamic servlet =
        context.addServlet(
            "app " + pattern,
            new AsgiServlet(
                (scope, receive, send) -> {
                  if (!(scope instanceof HttpScope)) {
                    throw new UnsupportedScopeException(scope);
                  }
                  return requireNonNull(application, "no application").call(scope, receive, send);
                }));
    servlet.addMapping(pattern);
    servlet.setAsyncSupported(asynchronous);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  ConformanceServer server() {
    return server;
  }

  int port() {
    return port;
  }

  void serve(AsgiApplication next) {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    ended = end;
    application =
        (scope, receive, send) -> {
          try {
            return next.call(scope, receive, send)
                .whenComplete((nothing, failure) -> end.complete(failure));
          } catch (Exception e) {
            end.complete(e);
            throw e;
          }
        };
  }

  void serve(AsgiTalk.Script script) {
    serve(AsgiTalk.application(script));
  }

  /** Waits for the end of the application that was called last; null if it did not fail. */
  Throwable failure() throws Exception {
    return ended.get(20, TimeUnit.SECONDS);
  }

  RawHttp.Response exchange(String request, AsgiTalk.Script script) throws Exception {
    serve(script);
    return RawHttp.exchange(port, request);
  }

  RawHttp.Response exchange(String request, AsgiApplication next) throws Exception {
    serve(next);
    return RawHttp.exchange(port, request);
  }

  static String get(String target) {
    return ConformanceTest.get(target);
  }

  static String post(String target, String... fields) {
    StringBuilder head = new StringBuilder("POST " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.append("Connection: close\r\n\r\n").toString();
  }
}
