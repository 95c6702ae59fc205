package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.conformance.RawHttp;
import dev.gangway.server.RawClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Starlette application at a prefix, unmodified. */
public abstract class StarletteConformance extends PythonTest {

  @BeforeAll
  static void isInstalled() {
    Pythons.require(Pythons.has("starlette"), "Starlette");
  }

  @Override
  PythonMount mount() {
    return PythonMount.of("asgi_frameworks:starlette").at("/mount");
  }

  @Test
  void knowsWhereItIsMounted() throws Exception {
    assertThat(get("/mount/").text())
        .isEqualTo("http://localhost/mount/ http://localhost/mount/upload ");
    assertThat(get("/mount/where/a-b?q=%C3%A9").text())
        .isEqualTo("http://localhost/mount/where/a-b?q=%C3%A9 http://localhost/mount/upload a-b");
    assertThat(get("/mount/where/a%20b").text()).endsWith(" a b");
    assertThat(get("/mount/below/where/x").text()).endsWith(" x");
    assertThat(get("/mount/nowhere").status()).isEqualTo(404);
    assertThat(send("DELETE", "/mount/upload").status()).isEqualTo(405);
  }

  @Test
  void readsBodiesOfAnySize() throws Exception {
    for (int size : new int[] {0, 1, 100_000, 5_000_000}) {
      assertThat(post("/mount/upload", "x".repeat(size)).text())
          .isEqualTo("{\"size\":" + size + "}");
    }
    String chunked =
        head("POST", "/mount/upload", "Transfer-Encoding: chunked")
            + "Connection: close\r\n\r\n5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n";
    assertThat(RawHttp.exchange(port(), chunked).text()).isEqualTo("{\"size\":8}");
  }

  @Test
  void runsFunctionsInThreads() throws Exception {
    assertThat(get("/mount/thread").text()).isEqualTo("from a thread");
  }

  @Test
  void eachEventLeavesAtOnceAndTheStreamEndsWithItsClient() throws Exception {
    try (ServerLog log = log("python.stderr")) {
      try (RawClient client = client()) {
        client.send(head("GET", "/mount/events") + "\r\n");
        client.readUntil("data: 0");
        client.readUntil("data: 2");
      }
      log.await("events ended");
    }
  }

  @Test
  void anApplicationThatSendsNothingSeesThatItsClientLeaves() throws Exception {
    try (ServerLog log = log("python.stderr")) {
      try (RawClient client = client()) {
        client.send(head("GET", "/mount/polls") + "\r\n");
        assertThat(get("/mount/thread").status()).isEqualTo(200);
      }
      log.await("poll ended");
    }
  }

  @Test
  void aWebSocketEchoesToAClientOfAnotherMake() throws Exception {
    Pythons.require(Pythons.has("websockets"), "websockets");
    try (ServerLog log = log("python.stderr")) {
      String seen =
          Pythons.run(
              Pythons.interpreter(),
              Pythons.fixtures().resolve("websocket_client.py").toString(),
              "ws://127.0.0.1:" + port() + "/mount/echo");
      assertThat(seen)
          .isEqualTo(
              String.join(
                  "\n",
                  "subprotocol first",
                  "echo h\u00e9llo",
                  "echo in three fragments",
                  "1000005",
                  "pong",
                  "closed with 1000",
                  "100 echoes",
                  "refused with 403"));
      log.await("left with 1000");
    }
  }

  @Test
  void aFailureIsAnsweredAndLogged() throws Exception {
    try (ServerLog log = log("gangway.worker")) {
      assertThat(get("/mount/fails").status()).isEqualTo(500);
      log.await("provoked by the test");
    }
  }

  @Test
  void workGoesOnAfterTheAnswer() throws Exception {
    try (ServerLog log = log("python.stderr")) {
      assertThat(get("/mount/later").text()).isEqualTo("answered");
      log.await("background work done");
    }
  }
}
