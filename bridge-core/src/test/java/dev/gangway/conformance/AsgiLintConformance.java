package dev.gangway.conformance;

import static dev.gangway.conformance.AsgiTalk.part;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;
import dev.gangway.lint.AsgiLint;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bridge keeps the server's rules of ASGI, as far as {@link AsgiLint} can tell. */
public abstract class AsgiLintConformance extends AsgiConformanceTest {

  private static void answer(String path, AsgiTalk talk) throws Exception {
    byte[] body = talk.body();
    if (path.endsWith("/late")) {
      throw new IllegalStateException("late");
    }
    talk.start(200, "content-type: text/plain", "connection: keep-alive");
    if (path.endsWith("/file")) {
      talk.send(new SendEvent.HttpResponsePathsend(Path.of("pom.xml").toAbsolutePath()));
    } else if (path.endsWith("/parts")) {
      talk.part("a");
      talk.part("");
      talk.last("");
    } else {
      talk.send(part(body, false));
    }
    assertThat(talk.receive()).isInstanceOf(ReceiveEvent.HttpDisconnect.class);
    assertThat(talk.receive()).isInstanceOf(ReceiveEvent.HttpDisconnect.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /app HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /app/parts HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /sync/parts HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /parts HTTP/1.0\r\n\r\n",
        "GET /file HTTP/1.1\r\nHost: [::1]:80\r\nX-A: \u00ff\r\nX-Tab: a\tb\r\nProxy: x\r\n\r\n",
        "GET /sync/file HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /late HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%FF;a/%2F?a=b HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS /?x HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Length: 1\r\n\r\nx",
        "PUT /parts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
      })
  void keepsTheRulesOfTheServer(String request) throws Exception {
    if (server().refuses(request.split(" ", -1)[1])) {
      assertThat(RawHttp.exchange(port(), request).status()).isEqualTo(400);
      return;
    }
    AsgiLint lint = new AsgiLint();
    RawHttp.Response response =
        exchange(
            request,
            lint.wrap(
                AsgiTalk.application((scope, talk) -> answer(scope.connection().path(), talk))));
    lint.check();
    boolean late = request.contains("/late");
    assertThat(response.status()).isEqualTo(late ? 500 : 200);
    assertThat(response.isComplete()).isTrue();
    assertThat(failure() == null).isEqualTo(!late);
    lint.check();
  }
}
