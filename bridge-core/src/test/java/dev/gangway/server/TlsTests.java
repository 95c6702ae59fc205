package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /**
   * A builder with one more connector, at a free port of 127.0.0.1, that speaks TLS and asks for a
   * certificate without insisting on one.
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
            .start()) {
      String answer =
          HttpClient.newBuilder()
              .sslContext(context)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create("https://localhost:" + port(gateway) + "/"))
                      .header("SSL-Client-Verify", "SUCCESS")
                      .header("SSL-Client-S-DN", "CN=admin")
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return answer
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
    String pem = seen.get("SSL_CLIENT_CERT").replace("|", "\n");
    assertThat(
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new java.io.ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(sent);
  }

  @Test
  void saysThatTheClientShowsNoCertificate() throws Exception {
    assertThat(get(false))
        .containsEntry("HTTPS", "on")
        .containsEntry("SSL_CLIENT_VERIFY", "NONE")
        .doesNotContainKeys("SSL_CLIENT_CERT", "SSL_CLIENT_S_DN", "SSL_CLIENT_V_END");
  }
}
