package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind a real nginx with the documented configuration, over TCP and over a Unix socket. */
public abstract class NginxTests {

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  @BeforeEach
  void needsNginx() {
    assumeTrue(
        Files.isExecutable(Nginx.PROGRAM) || Boolean.parseBoolean(System.getenv("CI")),
        "There is no " + Nginx.PROGRAM);
    assumeTrue(
        System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux"),
        "Only Linux lets a client come from 127.0.0.2 without further ado");
  }

  private Gateway gateway(String transport) throws Exception {
    String address =
        transport.equals("tcp") ? "127.0.0.1:0" : "unix:" + folder.resolve("gangway.sock");
    return builder()
        .bind(address)
        .forwardedAllowIps("127.0.0.1", "::1")
        .mount("/", ForwardedTests.SEEN)
        .start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void showsTheClientOfNginx(String transport) throws Exception {
    try (Gateway gateway = gateway(transport);
        Nginx nginx = Nginx.start(folder, gateway.uris().get(0))) {
      assertThat(nginx.get("127.0.0.2", "/a%2Fb//c?q=1"))
          .startsWith("HTTP/1.1 200 ")
          .contains(
              "HTTP_HOST=shop.example\n",
              "HTTP_X_FORWARDED_FOR=127.0.0.2\n",
              "PATH_INFO=/a/b//c\n",
              "REMOTE_ADDR=127.0.0.2\n",
              "REQUEST_URI=/a%2Fb//c?q=1\n",
              "SCRIPT_NAME=\n",
              "wsgi.url_scheme=http\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void showsThePrefixThatNginxTookOff(String transport) throws Exception {
    try (Gateway gateway = gateway(transport);
        Nginx nginx = Nginx.start(folder, gateway.uris().get(0))) {
      assertThat(nginx.get("127.0.0.2", "/shop/x?q"))
          .contains("SCRIPT_NAME=/shop\n", "PATH_INFO=/x\n", "REQUEST_URI=/shop/x?q\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void doesNotBelieveWhatTheClientOfNginxMakesUp(String transport) throws Exception {
    try (Gateway gateway = gateway(transport);
        Nginx nginx = Nginx.start(folder, gateway.uris().get(0))) {
      assertThat(
              nginx.get(
                  "127.0.0.2",
                  "/",
                  "X-Forwarded-For: 6.6.6.6, 127.0.0.1",
                  "X-Forwarded-For: \"",
                  "X-Forwarded-Proto: https",
                  "X-Forwarded-Host: evil.example",
                  "X-Forwarded-Port: 666",
                  "X-Forwarded-Prefix: /evil",
                  "X-Real-IP: 6.6.6.6",
                  "Forwarded: for=6.6.6.6;host=evil.example;proto=https"))
          .contains(
              "HTTP_HOST=shop.example\n",
              "HTTP_X_FORWARDED_FOR=127.0.0.2\n",
              "HTTP_X_FORWARDED_PROTO=http\n",
              "REMOTE_ADDR=127.0.0.2\n",
              "SCRIPT_NAME=\n",
              "SERVER_PORT=80\n",
              "wsgi.url_scheme=http\n")
          .doesNotContain("6.6.6.6", "evil", "666", "HTTP_FORWARDED", "REAL_IP", "HTTPS");
    }
  }
}
