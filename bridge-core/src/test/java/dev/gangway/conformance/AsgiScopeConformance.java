package dev.gangway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Header;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an ASGI application is told of a request. */
public abstract class AsgiScopeConformance extends AsgiConformanceTest {

  private HttpScope scope(String request) throws Exception {
    CompletableFuture<HttpScope> seen = new CompletableFuture<>();
    RawHttp.Response response =
        exchange(
            request,
            (scope, talk) -> {
              seen.complete(scope);
              talk.start(200);
              talk.last("");
            });
    assertThat(response.status()).isEqualTo(200);
    return seen.get(20, TimeUnit.SECONDS);
  }

  private ConnectionScope connection(String target, String... fields) throws Exception {
    StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String field : fields) {
      request.append(field).append("\r\n");
    }
    return scope(request + "Connection: close\r\n\r\n").connection();
  }

  @ParameterizedTest
  @CsvSource({
    "/, /, ''",
    "/a/b, /a/b, ''",
    "/a%20b/%C3%A9, '/a b/\u00e9', ''",
    "/%FFx, '/\ufffdx', ''",
    "/%E2%82, '/\ufffd', ''",
    "/a%2Fb, /a/b, ''",
    "/a;b=c, /a;b=c, ''",
    "/app, /app, /app",
    "/app/, /app/, /app",
    "/app/x%2Fy, /app/x/y, /app",
    "/app/../q/./r, /q/r, ''",
    "/application, /application, ''",
    "/sync/x, /sync/x, /sync"
  })
  void thePathIsDecodedAndBeginsWithTheRootPath(String target, String path, String rootPath)
      throws Exception {
    if (server().refuses(target)) {
      assertThat(RawHttp.exchange(port(), get(target)).status()).isEqualTo(400);
      return;
    }
    ConnectionScope scope = connection(target + "?q=%20");
    assertThat(scope.path()).isEqualTo(path);
    assertThat(scope.rootPath()).isEqualTo(rootPath);
    assertThat(scope.rawPath()).isEqualTo(target);
    assertThat(scope.queryString()).isEqualTo("q=%20");
  }

  @ParameterizedTest
  @CsvSource({"/, ''", "/?, ''", "/?a=b&c=%C3, 'a=b&c=%C3'", "/?a?b, a?b"})
  void theQueryIsAsItWasSent(String target, String query) throws Exception {
    ConnectionScope scope = connection(target);
    assertThat(scope.queryString()).isEqualTo(query);
    assertThat(scope.rawPath()).isEqualTo("/");
  }

  @Test
  void headersAreInLowerCaseAndRepeated() throws Exception {
    ConnectionScope scope =
        connection("/", "X-B: 1", "x-a: \u00e9", "X-b: 2", "Cookie: a=b", "Cookie: c=d");
    assertThat(scope.headers())
        .containsOnlyOnce(new Header("host", "localhost"))
        .containsSubsequence(new Header("x-b", "1"), new Header("x-b", "2"))
        .containsSubsequence(new Header("cookie", "a=b"), new Header("cookie", "c=d"))
        .containsOnlyOnce(new Header("x-a", "\u00e9"))
        .hasSize(7);
  }

  @Test
  void headersThatCouldPassForOthersAreDropped() throws Exception {
    assertThat(connection("/", "X_User: evil", "Proxy: evil", "X-User: good").headers())
        .contains(new Header("x-user", "good"))
        .noneMatch(header -> header.value().equals("evil"));
  }

  @Test
  void theBodysHeadersAreThere() throws Exception {
    HttpScope scope =
        scope(post("/", "Content-Type: a/b", "Content-Length: 1").replace("POST", "PATCH") + "x");
    assertThat(scope.method()).isEqualTo("PATCH");
    assertThat(scope.connection().headers())
        .contains(new Header("content-type", "a/b"), new Header("content-length", "1"));
  }

  @Test
  void theConnectionIsKnown() throws Exception {
    ConnectionScope scope = connection("/");
    assertThat(scope.httpVersion()).isEqualTo("1.1");
    assertThat(scope.scheme()).isEqualTo("http");
    assertThat(scope.client()).isNotNull();
    assertThat(scope.client().host()).isEqualTo("127.0.0.1");
    assertThat(scope.client().port()).isPositive();
    assertThat(scope.server()).isNotNull();
    assertThat(scope.server().host()).isEqualTo("127.0.0.1");
    assertThat(scope.server().port()).isEqualTo(port());
    assertThat(scope.tls()).isNull();
    assertThat(scope.extras()).isEmpty();
  }

  @Test
  void oldClientsAreKnownAsSuch() throws Exception {
    ConnectionScope scope = scope("GET / HTTP/1.0\r\n\r\n").connection();
    assertThat(scope.httpVersion()).isEqualTo("1.0");
    assertThat(scope.headers()).isEmpty();
  }

  @Test
  void aStateIsTheConnectionsOwn() throws Exception {
    scope(get("/")).state().put("a", "b");
    assertThat(scope(get("/")).state()).isEmpty();
  }
}
