package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import dev.gangway.server.GatewayBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who Django's RemoteUserMiddleware takes the user for. */
public abstract class IdentityConformance {

  /** What a client could hope to be taken for REMOTE_USER. */
  private static final String LIES =
      "Remote-User: admin\r\nREMOTE_USER: admin\r\nRemote_User: admin\r\nX-Remote-User: admin\r\n"
          + "Auth-Type: Basic\r\nAUTH_TYPE: Basic\r\nX-Forwarded-User: admin\r\n";

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  /** A builder of a server that lets only one user in, by HTTP's basic authentication. */
  protected abstract GatewayBuilder<?> authenticating(String user, String password);

  @BeforeEach
  void needsDjango() {
    Pythons.require(Pythons.has("django"), "Django");
  }

  private PythonServer serve(GatewayBuilder<?> builder) throws Exception {
    return EmbeddedServer.start(
        builder,
        PythonMount.of("remote_user:application")
            .with(PythonSetting.ENV, "DATABASE=" + folder.resolve("users.sqlite3")));
  }

  private static RawHttp.Response get(PythonServer server, String headers) throws Exception {
    return RawHttp.exchange(
        server.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n");
  }

  private static String basic(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(both) + "\r\n";
  }

  @Test
  void isTheUserThatTheContainerHasAuthenticated() throws Exception {
    try (PythonServer server = serve(authenticating("astrid", "fjord"))) {
      assertThat(get(server, basic("astrid", "fjord")).text()).isEqualTo("astrid|astrid|BASIC");
      assertThat(get(server, LIES + basic("astrid", "fjord")).text())
          .isEqualTo("astrid|astrid|BASIC");
      assertThat(get(server, LIES).status()).isEqualTo(401);
      assertThat(get(server, basic("astrid", "wrong")).status()).isEqualTo(401);
    }
  }

  @Test
  void isNobodyWhateverAClientSays() throws Exception {
    try (PythonServer server = serve(builder())) {
      assertThat(get(server, LIES + basic("admin", "any")).text()).isEqualTo("|None|None");
    }
  }
}
