package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths get through every container to an application, and as what. */
public abstract class PathTests {

  /** A builder of the container under test. */
  protected abstract GatewayBuilder<?> builder();

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "/a%2Fb,/a/b",
        "/a%2fb,/a/b",
        "/a%25b,/a%b",
        "/a%252Fb,/a%2Fb",
        "/a//b,/a//b",
        "//a,//a",
        "/a/,/a/",
        "/%FF,/\u00ff",
        "/%C3%A9,/\u00c3\u00a9",
        "/a;b=c,/a;b=c",
        "/a;jsessionid=1/b,/a;jsessionid=1/b",
        "/a/./b,/a/b",
        "/a/../b,/b",
        "/a/%2e%2e/b,/b",
        "/a%20b,/a b",
        "/a+b,/a+b",
        "/a%5Cb,/a\\b",
        "/a|b,/a|b",
        "/a[b]{c}^,/a[b]{c}^",
        "/a%0Ab,'/a\nb'",
        "/a%3Bb,/a;b",
        "/a%3Fb,/a?b",
      })
  void handsThePathOnAsGunicornDoes(String target, String pathInfo) throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .mount("/", GatewayTests.echo("root"))
            .mount("/shop", GatewayTests.echo("shop"))
            .start()) {
      assertThat(RawClient.get(gateway, target))
          .contains("HTTP/1.1 200")
          .endsWith("root  " + pathInfo);
      if (!target.startsWith("//")) {
        assertThat(RawClient.get(gateway, "/shop" + target))
            .contains("HTTP/1.1 200")
            .endsWith("shop /shop " + pathInfo);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/..", "/../a", "/%2e%2e/a", "/a/..;x/..;x/b", "/a%00b"})
  void refusesPathsThatLeaveTheServer(String target) throws Exception {
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").mount("/", GatewayTests.echo("root")).start()) {
      assertThat(RawClient.get(gateway, target)).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/shop/..%2Fadmin", "/shop/%2e%2e%2fadmin", "/shop/..%5Cadmin", "/shop/..;/admin"})
  void neverLetsADotSegmentLeaveAMountUnseen(String target) throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .mount("/shop", GatewayTests.echo("shop"))
            .mount("/admin", GatewayTests.echo("admin"))
            .start()) {
      assertThat(RawClient.get(gateway, target)).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a%2Fb", "/a%25b", "/a//b", "/%FF", "/a%5Cb"})
  void rejectsPathsWithTwoReadingsIfTheUserWants(String target) throws Exception {
    try (Gateway gateway =
        builder()
            .bind("127.0.0.1:0")
            .encodedPaths(EncodedPaths.REJECT)
            .mount("/", GatewayTests.echo("root"))
            .start()) {
      assertThat(RawClient.get(gateway, target)).startsWith("HTTP/1.1 400");
      assertThat(RawClient.get(gateway, "/a%20b;c=d/%C3%A9")).contains("HTTP/1.1 200");
    }
  }

  @Test
  void doesNotTakeAnEscapedSlashForTheEdgeOfAMount() throws Exception {
    try (Gateway gateway =
        builder().bind("127.0.0.1:0").mount("/shop", GatewayTests.echo("shop")).start()) {
      assertThat(RawClient.get(gateway, "/shop%2Fa")).doesNotContain("200");
    }
  }
}
