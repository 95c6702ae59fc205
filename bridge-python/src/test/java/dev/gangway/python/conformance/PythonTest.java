package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonApplication;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One server for the tests of a class, with {@code conformance.py} at its root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PythonTest {

  private PythonApplication application;
  private Gateway gateway;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  PythonApplication.Builder settings() {
    return Pythons.fixture("application");
  }

  void mount(GatewayBuilder<?> server, PythonApplication python) {
    server.mount("/", python);
  }

  @BeforeAll
  void start() throws Exception {
    application = settings().start();
    GatewayBuilder<?> server = builder().bind("127.0.0.1:0").gracefulTimeout(Duration.ofSeconds(2));
    mount(server, application);
    gateway = server.start();
  }

  @AfterAll
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    if (application != null) {
      application.close();
      assertThat(application.workerPids()).isEmpty();
    }
  }

  int port() {
    return gateway.port();
  }

  Gateway gateway() {
    return gateway;
  }

  PythonApplication application() {
    return application;
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
