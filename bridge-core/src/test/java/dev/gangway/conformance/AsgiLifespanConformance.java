package dev.gangway.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiHost;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.LifespanScope;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.servlet.AsgiGateway;
import dev.gangway.servlet.AsgiServlet;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lifespan of ASGI applications, and the ways to mount them. */
public abstract class AsgiLifespanConformance {

  private static final AsgiApplication STATE =
      AsgiTalk.application(
          (scope, talk) -> {
            talk.start(200);
            talk.last(scope.connection().rootPath() + scope.state() + scope.connection().extras());
          });

  private final ConformanceServer server = newServer();
  private boolean running;

  /** The container under test. */
  protected abstract ConformanceServer newServer();

  @AfterEach
  void stop() throws Exception {
    if (running) {
      running = false;
      server.close();
    }
  }

  private int start(HttpServlet servlet) throws Exception {
    running = true;
    return server.start(
        "/context",
        (classes, context) -> {
          ServletRegistration.Dynamic added = context.addServlet("asgi", servlet);
          added.addMapping("/p/*");
          added.setAsyncSupported(true);
          added.setLoadOnStartup(1);
        });
  }

  private static String get(int port) throws Exception {
    return RawHttp.exchange(port, ConformanceTest.get("/context/p/x")).text();
  }

  @Test
  void startsBeforeItServesAndStopsAfterwards() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    int port =
        start(
            new AsgiServlet(
                (scope, receive, send) -> {
                  if (scope instanceof HttpScope http) {
                    events.add("http " + http.state());
                    http.state().put("mine", "alone");
                    return STATE.call(scope, receive, send);
                  }
                  return receive
                      .receive()
                      .thenCompose(
                          event -> {
                            assertThat(event).isInstanceOf(ReceiveEvent.LifespanStartup.class);
                            scope.state().put("pool", "filled");
                            events.add("startup");
                            return send.send(new SendEvent.LifespanStartupComplete());
                          })
                      .thenCompose(sent -> receive.receive())
                      .thenCompose(
                          event -> {
                            assertThat(event).isInstanceOf(ReceiveEvent.LifespanShutdown.class);
                            events.add("shutdown");
                            return send.send(new SendEvent.LifespanShutdownComplete());
                          });
                }));
    get(port);
    get(port);
    stop();
    assertThat(events)
        .containsExactly("startup", "http {pool=filled}", "http {pool=filled}", "shutdown");
  }

  @Test
  void aStartupThatFailsIsTheServletsFailure() {
    AsgiServlet servlet =
        new AsgiServlet(
            (scope, receive, send) ->
                send.send(new SendEvent.LifespanStartupFailed("no database"))
                    .thenApply(
                        sent -> {
                          throw new IllegalStateException("no database");
                        }));
    assertThatThrownBy(servlet::init)
        .isInstanceOf(ServletException.class)
        .hasMessage("no database");
    servlet.destroy();
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "fails", "returns", "null", "after receive"})
  void anApplicationMayHaveNoLifespan(String way) throws Exception {
    AsgiServlet servlet =
        new AsgiServlet(
            (scope, receive, send) -> {
              if (scope instanceof HttpScope) {
                return STATE.call(scope, receive, send);
              }
              return switch (way) {
                case "throws" -> throw new UnsupportedScopeException(scope);
                case "fails" -> CompletableFuture.failedFuture(new IllegalStateException("no"));
                case "after receive" ->
                    receive
                        .receive()
                        .thenApply(
                            event -> {
                              throw new IllegalStateException("no");
                            });
                case "null" -> null;
                default -> CompletableFuture.completedFuture(null);
              };
            });
    assertThat(get(start(servlet))).isEqualTo("/context/p{}{}");
  }

  @Test
  void aLifespanRefusesWhatIsOutOfOrder() throws Exception {
    List<Throwable> failures = new ArrayList<>();
    AsgiServlet servlet =
        new AsgiServlet(
            (scope, receive, send) -> {
              assertThat(scope).isInstanceOf(LifespanScope.class);
              for (SendEvent event :
                  List.of(
                      new SendEvent.LifespanShutdownComplete(),
                      new SendEvent.HttpResponseStart(200, List.of()),
                      new SendEvent.LifespanStartupComplete(),
                      new SendEvent.LifespanStartupComplete(),
                      new SendEvent.LifespanStartupFailed(""))) {
                send.send(event).exceptionally(failure -> fail(failures, failure));
              }
              return receive
                  .receive()
                  .thenCompose(startup -> receive.receive())
                  .thenCompose(shutdown -> send.send(new SendEvent.LifespanShutdownFailed("late")))
                  .thenCompose(sent -> receive.receive())
                  .thenAccept(event -> {});
            });
    servlet.init();
    servlet.destroy();
    assertThat(failures).hasSize(4).allMatch(IllegalStateException.class::isInstance);
  }

  private static Void fail(List<Throwable> failures, Throwable failure) {
    failures.add(failure);
    return null;
  }

  @Test
  void anApplicationThatLeavesItsLifespanIsNotAskedToStop() throws Exception {
    AsgiServlet servlet =
        new AsgiServlet(
            (scope, receive, send) -> send.send(new SendEvent.LifespanStartupComplete()));
    servlet.init();
    servlet.destroy();
    servlet.destroy();
  }

  @Test
  void whatACustomizerPutsIsInTheExtras() throws Exception {
    AsgiServlet servlet =
        new AsgiServlet(
            STATE,
            (environ, request) -> {
              environ.get("wsgi.url_scheme");
              environ.putText("example.name", "\u00e9");
              environ.put("AUTH_TYPE", "Basic");
            });
    int port = start(servlet);
    assertThat(get(port)).contains("example.name=\u00e9").contains("gangway.auth_type=Basic");
    assertThat(get(port)).doesNotContain("wsgi.");
  }

  /** As a Python application is when it has been imported. */
  private static final class Host implements dev.gangway.GatewayApplication, AsgiHost {

    private volatile AsgiApplication asgi;

    @Override
    public AsgiApplication asgi() {
      return asgi;
    }

    @Override
    public dev.gangway.ResponseBody call(
        dev.gangway.Environ environ, dev.gangway.StartResponse startResponse) throws Exception {
      return ConformanceTest.answer("wsgi").call(environ, startResponse);
    }
  }

  @Test
  void aHostMayTurnOutToBeOfEitherContract() throws Exception {
    Host host = new Host();
    int port = start(new GatewayServlet(host));
    assertThat(get(port)).isEqualTo("wsgi");
    host.asgi = STATE;
    assertThat(get(port)).isEqualTo("/context/p{}{}");
  }

  @Test
  void middlewareMayWrapAGatewayToAnApplication() throws Exception {
    AsgiGateway gateway = new AsgiGateway(STATE);
    assertThat(requireNonNull(gateway.asgi())).isSameAs(STATE);
    int port =
        start(
            new GatewayServlet(
                gateway.with(
                    application ->
                        (environ, startResponse) -> application.call(environ, startResponse))));
    assertThat(get(port)).isEqualTo("/context/p{}{}");
  }

  @Test
  void aStateMustNotBeSharedBetweenConnections() throws Exception {
    int port =
        start(
            new AsgiServlet(
                (scope, receive, send) -> {
                  Map<String, Object> state = scope.state();
                  if (scope instanceof HttpScope) {
                    assertThat(state.put("seen", "x")).isNull();
                  }
                  return STATE.call(scope, receive, send);
                }));
    assertThat(get(port)).contains("seen=x");
    assertThat(get(port)).contains("seen=x");
  }
}
