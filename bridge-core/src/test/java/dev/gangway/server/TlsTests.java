package dev.gangway.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.TlsConnection;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.asgi.WebSocketScope;
import dev.gangway.servlet.AsgiGateway;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application knows of TLS and the client's certificate, after a real handshake. */
public abstract class TlsTests {

  /** Of all stores. */
  protected static final String PASSWORD = "changeit";

  @TempDir static Path folder;

  /** Answers with the variables of TLS, a line each. */
  private static final GatewayApplication SEEN =
      (environ, startResponse) -> {
        startResponse.start("200 OK", List.of());
        Map<String, Object> all = new TreeMap<>(environ);
        return ResponseBody.of(
            all.entrySet().stream()
                .filter(it -> it.getKey().matches("HTTPS|SSL_.*|wsgi.url_scheme"))
                .map(it -> it.getKey() + "=" + it.getValue().toString().replace("\n", "|"))
                .collect(Collectors.joining("\n")));
      };

  /** Answers with what the scope says, a line each; a WebSocket gets it as a message. */
  private static final AsgiApplication ASGI =
      (scope, receive, send) -> {
        ConnectionScope connection =
            scope instanceof WebSocketScope webSocket
                ? webSocket.connection()
                : scope instanceof HttpScope http ? http.connection() : null;
        if (connection == null) {
          throw new UnsupportedScopeException(scope);
        }
        TlsConnection tls = requireNonNull(connection.tls(), "no TLS");
        String seen =
            String.join(
                "\n",
                "scheme=" + connection.scheme(),
                "version=" + connection.httpVersion(),
                "tls=" + tls.version(),
                "suite=" + tls.cipherSuite(),
                "name=" + tls.clientCertName(),
                "server=" + tls.serverCert(),
                "chain=" + String.join("", tls.clientCertChain()).replace("\n", "|"));
        return scope instanceof WebSocketScope
            ? send.send(new SendEvent.WebSocketAccept(null, List.of()))
                .thenCompose(accepted -> send.send(new SendEvent.WebSocketSend(null, seen)))
            : send.send(new SendEvent.HttpResponseStart(200, List.of()))
                .thenCompose(started -> send.send(SendEvent.HttpResponseBody.last(seen)));
      };

  /**
   * A builder with one more connector, at a free port of 127.0.0.1, that speaks TLS with HTTP/1.1
   * and HTTP/2, and asks for a certificate without insisting on one.
   */
  protected abstract GatewayBuilder<?> builder(Path keys, Path trusted);

  /** The port of that connector. */
  protected abstract int port(Gateway gateway);

  @BeforeAll
  static void makeKeys() throws Exception {
    generate("server", "CN=localhost");
    generate("client", "CN=Astrid Berg, O=Storvik harbour, C=NO");
    keytool("-exportcert", "-rfc", "-alias", "client", "-file", "client.pem", "client.p12");
    keytool("-importcert", "-noprompt", "-alias", "client", "-file", "client.pem", "trusted.p12");
  }

  private static void generate(String name, String subject) throws Exception {
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-dname",
        subject,
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-keyalg",
        "EC",
        name + ".p12");
  }

  /** The last argument is the store. */
  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments).subList(0, arguments.length - 1));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", arguments[arguments.length - 1]));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static KeyStore store(String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(name))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private Map<String, String> get(boolean certificate) throws Exception {
    return exchange(
        certificate,
        (client, port) ->
            client
                .send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                        .header("SSL-Client-Verify", "SUCCESS")
                        .header("SSL-Client-S-DN", "CN=admin")
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
  }

  /** What a client does with the gateway's port. */
  private interface Exchange {
    String run(HttpClient client, int port) throws Exception;
  }

  private Map<String, String> exchange(boolean certificate, Exchange exchange) throws Exception {
    KeyManager[] keys = null;
    if (certificate) {
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store("client.p12"), PASSWORD.toCharArray());
      keys = factory.getKeyManagers();
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    SSLContext context = SSLContext.getInstance("TLS");
    // The server's store holds a key with its chain, which is no trust anchor by itself.
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("server", store("server.p12").getCertificate("server"));
    trust.init(anchors);
    context.init(keys, trust.getTrustManagers(), null);
    try (Gateway gateway =
        builder(folder.resolve("server.p12"), folder.resolve("trusted.p12"))
            .bind("127.0.0.1:0")
            .forwardedAllowIps("127.0.0.1")
            .mount("/", SEEN)
            .mount("/asgi", new AsgiGateway(ASGI))
            .start()) {
      HttpClient client = HttpClient.newBuilder().sslContext(context).build();
      return exchange
          .run(client, port(gateway))
          .lines()
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf('=')),
                  line -> line.substring(line.indexOf('=') + 1)));
    }
  }

  @Test
  void showsTheCertificateOfTheClient() throws Exception {
    X509Certificate sent = (X509Certificate) store("client.p12").getCertificate("client");
    Map<String, String> seen = get(true);
    assertThat(seen)
        .containsEntry("wsgi.url_scheme", "https")
        .containsEntry("HTTPS", "on")
        .containsEntry("SSL_PROTOCOL", "TLSv1.3")
        .containsEntry("SSL_CLIENT_VERIFY", "SUCCESS")
        .containsEntry("SSL_CLIENT_S_DN", "CN=Astrid Berg,O=Storvik harbour,C=NO")
        .containsEntry("SSL_CLIENT_I_DN", "CN=Astrid Berg,O=Storvik harbour,C=NO")
        .containsEntry(
            "SSL_CLIENT_M_SERIAL", sent.getSerialNumber().toString(16).toUpperCase(Locale.ROOT))
        .hasEntrySatisfying("SSL_CIPHER", it -> assertThat(it).startsWith("TLS_"))
        .hasEntrySatisfying("SSL_CIPHER_USEKEYSIZE", it -> assertThat(it).matches("128|256"))
        .hasEntrySatisfying("SSL_SESSION_ID", it -> assertThat(it).matches("(?i)[0-9a-f]+"))
        .hasEntrySatisfying(
            "SSL_CLIENT_V_END", it -> assertThat(it).matches("\\w{3} \\d+ [\\d:]{8} \\d{4} GMT"));
    assertThat(certificate(seen.get("SSL_CLIENT_CERT"))).isEqualTo(sent);
  }

  private static Certificate certificate(String pem) throws Exception {
    byte[] lines = pem.replace("|", "\n").getBytes(StandardCharsets.US_ASCII);
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(lines));
  }

  private Map<String, String> asgi(boolean certificate, HttpClient.Version version)
      throws Exception {
    return exchange(
        certificate,
        (client, port) -> {
          HttpResponse<String> response =
              client.send(
                  HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/asgi"))
                      .version(version)
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
          assertThat(response.version()).isEqualTo(version);
          return response.body();
        });
  }

  @ParameterizedTest
  @EnumSource
  void tellsAsgiApplicationsOfTheClientsCertificate(HttpClient.Version version) throws Exception {
    X509Certificate sent = (X509Certificate) store("client.p12").getCertificate("client");
    Map<String, String> seen = asgi(true, version);
    assertThat(seen)
        .containsEntry("scheme", "https")
        .containsEntry("version", version == HttpClient.Version.HTTP_2 ? "2" : "1.1")
        .containsEntry("name", "CN=Astrid Berg,O=Storvik harbour,C=NO")
        .containsEntry("tls", Integer.toString(0x0304))
        .containsEntry("server", "null")
        .hasEntrySatisfying("suite", it -> assertThat(it).matches("486[567]")); // TLS 1.3's
    assertThat(certificate(seen.get("chain"))).isEqualTo(sent);
  }

  @Test
  void tellsAsgiApplicationsThatThereIsNoCertificate() throws Exception {
    assertThat(asgi(false, HttpClient.Version.HTTP_1_1))
        .containsEntry("tls", Integer.toString(0x0304))
        .containsEntry("name", "null")
        .containsEntry("chain", "");
  }

  @Test
  void tellsAsgiApplicationsOfAWebSocketOverTls() throws Exception {
    Map<String, String> seen =
        exchange(
            true,
            (client, port) -> {
              CompletableFuture<String> received = new CompletableFuture<>();
              WebSocket.Listener listener =
                  new WebSocket.Listener() {
                    private final StringBuilder message = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(
                        WebSocket webSocket, CharSequence part, boolean last) {
                      message.append(part);
                      if (last) {
                        received.complete(message.toString());
                      }
                      webSocket.request(1);
                      return null;
                    }
                  };
              client
                  .newWebSocketBuilder()
                  .buildAsync(URI.create("wss://localhost:" + port + "/asgi"), listener)
                  .get(20, TimeUnit.SECONDS);
              return received.get(20, TimeUnit.SECONDS);
            });
    assertThat(seen)
        .containsEntry("scheme", "wss")
        .containsEntry("name", "CN=Astrid Berg,O=Storvik harbour,C=NO")
        .containsEntry("tls", Integer.toString(0x0304));
    assertThat(certificate(seen.get("chain")))
        .isEqualTo(store("client.p12").getCertificate("client"));
  }

  @Test
  void saysThatTheClientShowsNoCertificate() throws Exception {
    assertThat(get(false))
        .containsEntry("HTTPS", "on")
        .containsEntry("SSL_CLIENT_VERIFY", "NONE")
        .doesNotContainKeys("SSL_CLIENT_CERT", "SSL_CLIENT_S_DN", "SSL_CLIENT_V_END");
  }
}
