package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose forwarded headers every container believes, and what they change. */
public abstract class ForwardedTests {

  @TempDir Path folder;

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  @SuppressWarnings("serial")
  static final class WhoAmI extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response
          .getWriter()
          .print(
              request.getRemoteAddr()
                  + " "
                  + request.getScheme()
                  + " "
                  + request.isSecure()
                  + " "
                  + request.getServerName()
                  + " "
                  + request.getServerPort()
                  + " "
                  + request.getHeader("Host"));
    }
  }

  private void assertSeen(String[] trusted, String seen, String... headers) throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .forwardedAllowIps(trusted)
            .servlet("/*", new WhoAmI())
            .start()) {
      assertThat(RawClient.get(gateway, "/", headers)).endsWith("\r\n\r\n" + seen);
    }
  }

  private static String[] trusting(String... addresses) {
    return addresses;
  }

  private static final String[] FROM_PROXY = {
    "Host: internal:8080",
    "X-Forwarded-For: 6.6.6.6, 192.0.2.7",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: shop.example",
  };

  @Test
  void believesNobodyUnlessTold() throws Exception {
    assertSeen(trusting(), "127.0.0.1 http false internal 8080 internal:8080", FROM_PROXY);
  }

  @Test
  void doesNotBelieveOthers() throws Exception {
    assertSeen(
        trusting("10.0.0.0/8", "::1"),
        "127.0.0.1 http false internal 8080 internal:8080",
        FROM_PROXY);
  }

  @Test
  void takesTheLastAddressThatIsNoProxyOfOurs() throws Exception {
    assertSeen(
        trusting("127.0.0.1"), "192.0.2.7 https true shop.example 443 shop.example", FROM_PROXY);
    assertSeen(
        trusting("127.0.0.0/8", "192.0.2.7"),
        "6.6.6.6 https true shop.example 443 shop.example",
        FROM_PROXY);
  }

  @Test
  void believesEverybodyIfToldSo() throws Exception {
    assertSeen(trusting("*"), "6.6.6.6 https true shop.example 443 shop.example", FROM_PROXY);
  }

  @Test
  void readsTheForwardedHeaderOfRfc7239() throws Exception {
    assertSeen(
        trusting("127.0.0.1"),
        "2001:db8:cafe::17 https true shop.example 8443 shop.example:8443",
        "Forwarded: for=6.6.6.6, for=\"[2001:db8:cafe::17]:4711\";proto=https;"
            + "host=\"shop.example:8443\"");
  }

  @Test
  void leavesAloneWhatTheProxyDoesNotSay() throws Exception {
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 https true test 443 test",
        "X-Forwarded-Proto: https",
        "Host: test");
    assertSeen(
        trusting("127.0.0.1"),
        "192.0.2.7 http false test 8000 test:8000",
        "X-Forwarded-For: 192.0.2.7",
        "Host: test:8000");
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 http false test 8443 test:8443",
        "X-Forwarded-Port: 8443",
        "Host: test");
  }

  @Test
  void ignoresWhatIsNoAddressOrHost() throws Exception {
    assertSeen(
        trusting("127.0.0.1"),
        "127.0.0.1 http false test 80 test",
        "X-Forwarded-For: unknown",
        "X-Forwarded-Host: a b<c>",
        "X-Forwarded-Proto: gopher",
        "Host: test");
  }

  @Test
  void believesThePeerOfAUnixDomainSocket() throws Exception {
    try (Gateway gateway =
        builder()
            .bind("unix:" + folder.resolve("gangway.sock"))
            .forwardedAllowIps("127.0.0.1")
            .servlet("/*", new WhoAmI())
            .start()) {
      assertThat(RawClient.get(gateway, "/", FROM_PROXY))
          .endsWith("\r\n\r\n192.0.2.7 https true shop.example 443 shop.example");
      assertThat(RawClient.get(gateway, "/", "X-Forwarded-For: 192.0.2.7"))
          .endsWith("\r\n\r\n192.0.2.7 http false test 80 test");
      try (RawClient old = RawClient.to(gateway)) {
        assertThat(old.send("GET / HTTP/1.0\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n").readToEnd())
            .contains("\r\n\r\n192.0.2.7 http false ");
      }
    }
  }
}
