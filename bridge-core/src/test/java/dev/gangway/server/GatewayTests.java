package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the front door of every container does. */
public abstract class GatewayTests {

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  /** Answers with where it is and what is left. */
  protected static GatewayApplication echo(String name) {
    return (environ, startResponse) -> {
      startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
      String seen = name + " " + environ.get("SCRIPT_NAME") + " " + environ.get("PATH_INFO");
      return ResponseBody.of(seen.getBytes(StandardCharsets.ISO_8859_1));
    };
  }

  @SuppressWarnings("serial")
  static final class Hello extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("servlet, async " + request.isAsyncSupported());
    }
  }

  @Test
  void servesSeveralMountsBesideAServlet() throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .mount("/", echo("root"))
            .mount("/shop", echo("shop"))
            .mount("/shop/admin", echo("admin"))
            .servlet("/api/*", new Hello())
            .start()) {
      assertThat(RawClient.get(gateway, "/")).endsWith("root  /");
      assertThat(RawClient.get(gateway, "/shopping")).endsWith("root  /shopping");
      assertThat(RawClient.get(gateway, "/shop")).endsWith("shop /shop ");
      assertThat(RawClient.get(gateway, "/shop/a/b")).endsWith("shop /shop /a/b");
      assertThat(RawClient.get(gateway, "/shop/admin/")).endsWith("admin /shop/admin /");
      assertThat(RawClient.get(gateway, "/api/x")).endsWith("servlet, async true");
    }
  }

  @Test
  void listensAtAUnixDomainSocketBesideAPort() throws Exception {
    Path socket = folder.resolve("gangway.sock");
    try (Gateway gateway =
        builder().bind("unix:" + socket).bind("127.0.0.1:0").mount("/", echo("root")).start()) {
      assertThat(gateway.port()).isPositive();
      assertThat(gateway.uris().get(0).toString()).isEqualTo("unix:" + socket);
      assertThat(RawClient.exchange(gateway.uris().get(0), "GET", "/u")).endsWith("root  /u");
      assertThat(RawClient.exchange(gateway.uris().get(1), "GET", "/t")).endsWith("root  /t");
    }
    assertThat(socket).doesNotExist();
  }
}
