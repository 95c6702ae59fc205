package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.server.RawClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One server for the tests of a class, with {@code conformance.py} at its root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PythonTest {

  private PythonServer server;

  /** Starts the container under test. */
  protected abstract PythonServer serve(PythonMount mount) throws Exception;

  PythonMount mount() {
    return PythonMount.of("application");
  }

  @BeforeAll
  void start() throws Exception {
    server = serve(mount());
  }

  @AfterAll
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  int port() {
    return server.port();
  }

  ServerLog log(String logger) {
    return server.log(logger);
  }

  RawClient client() throws IOException {
    return RawClient.to(URI.create("http://127.0.0.1:" + port()));
  }

  static String head(String method, String target, String... fields) {
    StringBuilder head =
        new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.toString();
  }

  RawHttp.Response get(String target, String... fields) throws Exception {
    return send("GET", target, fields);
  }

  RawHttp.Response send(String method, String target, String... fields) throws Exception {
    return RawHttp.exchange(port(), head(method, target, fields) + "Connection: close\r\n\r\n");
  }

  RawHttp.Response post(String target, String body, String... fields) throws Exception {
    return RawHttp.exchange(
        port(),
        head("POST", target, fields)
            + "Content-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body);
  }

  /** What {@code environ_lines} shows: strings as they are, anything else as Python prints it. */
  static Map<String, String> environ(RawHttp.Response response) {
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    Map<String, String> environ = new TreeMap<>();
    for (String line : response.text().split("\n", -1)) {
      int key = 0;
      while (line.charAt(key) != '=' && line.charAt(key) != ':') {
        key++;
      }
      environ.put(line.substring(0, key), line.substring(key + 1));
    }
    return environ;
  }

  /** How often a body with the given name was closed. */
  int closes(String name) throws Exception {
    return Integer.parseInt(get("/closed_count?" + name).text());
  }

  void awaitCloses(String name, int times) {
    await().atMost(Duration.ofSeconds(20)).until(() -> closes(name) >= times);
  }
}
