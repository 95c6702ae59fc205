package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedHeadersTest {

  /** Two proxies of ours: the peer, and 10.0.0.9 in front of it. */
  private static final ForwardedHeaders OURS =
      ForwardedHeaders.trusting(List.of("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"));

  /** Lines of headers, with {@code |} between them. */
  private static ForwardedOrigin decide(ForwardedHeaders policy, String peer, String lines) {
    Map<String, List<String>> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : lines.split("\\|", -1)) {
      int colon = line.indexOf(':');
      sent.computeIfAbsent(line.substring(0, colon).strip(), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return policy.decide(peer, sent.keySet(), name -> sent.getOrDefault(name, List.of()));
  }

  private static ForwardedOrigin decide(String lines) {
    return decide(OURS, "127.0.0.1", lines);
  }

  @Test
  void trustsAddressesAndNetworks() {
    ForwardedHeaders headers =
        ForwardedHeaders.trusting(List.of("127.0.0.1", "10.1.0.0/15", "2001:db8::/32"));
    assertThat(List.of("127.0.0.1", "10.1.255.1", "10.0.0.0", "2001:db8:1::1", "::ffff:10.1.2.3"))
        .allMatch(headers::trusts);
    assertThat(
            List.of("127.0.0.2", "10.2.0.1", "2001:db9::1", "x", "127.1", "0177.0.0.1", "127.0.0."))
        .noneMatch(headers::trusts);
    assertThat(List.of("1.2.3.4", "::1"))
        .allMatch(ForwardedHeaders.trusting(List.of("0.0.0.0/0", "::/0"))::trusts);
  }

  @Test
  void trustsPeersOfAUnixDomainSocketOnlyIfAnybodyIsTrusted() {
    assertThat(ForwardedHeaders.trusting(List.of()).trusts(null)).isFalse();
    assertThat(ForwardedHeaders.trusting(List.of("::1")).trusts("")).isTrue();
    ForwardedHeaders unix = ForwardedHeaders.trusting(List.of("unix"));
    assertThat(unix.trusts(null)).isTrue();
    assertThat(unix.trusts("127.0.0.1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "", "300.1.1.1", "10.1", "a:b"})
  void saysWhatItCannotTrust(String address) {
    assertThatThrownBy(() -> ForwardedHeaders.trusting(List.of(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + address + "\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void needsAHopAtLeast(int hops) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OURS.hops(hops))
        .withMessageContaining("forwarded-hops is " + hops);
  }

  /** The client is 192.0.2.7; 6.6.6.6 is what it makes up. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // What it sends stands to the left of what the proxies append.
        "X-Forwarded-For: 6.6.6.6, 192.0.2.7",
        "X-Forwarded-For: 6.6.6.6 | x-forwarded-for: 192.0.2.7",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.9",
        "X-Forwarded-For: 10.0.0.9, 6.6.6.6, 192.0.2.7, 10.0.0.9, 127.0.0.1",
        "X-Forwarded-For: 127.0.0.1, 192.0.2.7",
        "X-Forwarded-For: , ,6.6.6.6,, 192.0.2.7,,",
        "X-Forwarded-For: \"6.6.6.6, 192.0.2.7",
        "X-Forwarded-For: <script>, 192.0.2.7:4711",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.7, unix:",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 2001:db8:1::9, [2001:db8:1::8]:443",
        "Forwarded: for=6.6.6.6, for=192.0.2.7",
        "Forwarded: for=6.6.6.6 | Forwarded: For=192.0.2.7;by=_me",
        "Forwarded: for=10.0.0.9, for=\"192.0.2.7:4711\", for=10.0.0.9:80",
        "Forwarded: for=\"6.6.6.6\\\", for=192.0.2.7\", for=192.0.2.7",
        "Forwarded: for=\"a,b;for=6.6.6.6\", for=192.0.2.7",
        "Forwarded: for=192.0.2.7, for=\"[2001:db8:1::9]:443\"",
        "Forwarded: for=6.6.6.6, for=192.0.2.7 | X-Forwarded-For: 1.1.1.1, 192.0.2.7",
      })
  void doesNotLetAClientMakeUpItsAddress(String lines) {
    ForwardedOrigin origin = decide(lines);
    assertThat(origin.address()).isEqualTo("192.0.2.7");
    assertThat(origin.headers().toString()).doesNotContain("6.6.6.6").doesNotContain("1.1.1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A quote that swallows what the proxy appends.
        "Forwarded: for=\"6.6.6.6, for=192.0.2.7",
        "Forwarded: for=\"6.6.6.6\\, for=\"[2001:db8::7]\"",
        "Forwarded: for=\"6.6.6.6, for=\"[2001:db8::7]:1\"",
        "Forwarded: for=\"6.6.6.6\", for=\"a\\",
        "Forwarded: for=\"6.6.6.6\"x, for=192.0.2.7",
        "Forwarded: for=6.6.6.6=1, for=192.0.2.7",
        "Forwarded: for=;for=6.6.6.6",
        "Forwarded: 6.6.6.6, for=192.0.2.7",
        "Forwarded: for=6.6.6.6;FOR=192.0.2.7",
        "Forwarded: for=6.6.6.6 192.0.2.7",
        "Forwarded: for=",
        // A proxy that sets one kind and passes on the client's of the other.
        "X-Forwarded-For: 192.0.2.7 | Forwarded: for=6.6.6.6",
        "X-Forwarded-For: 192.0.2.7 | Forwarded: for=192.0.2.7;host=evil.example",
        "X-Forwarded-For: 192.0.2.7 | Forwarded: for=192.0.2.7;proto=https",
        "X-Forwarded-Host: evil.example | Forwarded: for=192.0.2.7",
        "X-Forwarded-Prefix: /evil | Forwarded: for=192.0.2.7",
      })
  void refusesWhatCouldHideTheProxysWord(String lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decide(lines))
        .withMessageContaining("Forwarded");
  }

  @Test
  void believesOneKindIfToldSo() {
    String both = "X-Forwarded-For: 192.0.2.7 | Forwarded: for=6.6.6.6 | X-Forwarded-Prefix: /a";
    ForwardedOrigin classic =
        decide(OURS.kind(ForwardedHeaders.Kind.of("x-forwarded")), "127.0.0.1", both);
    assertThat(classic.address()).isEqualTo("192.0.2.7");
    assertThat(classic.prefix()).isEqualTo("/a");
    assertThat(classic.headers()).containsEntry("Forwarded", List.of());
    ForwardedOrigin standard =
        decide(
            OURS.kind(ForwardedHeaders.Kind.of("forwarded")),
            "127.0.0.1",
            "X-Forwarded-For: 6.6.6.6 | Forwarded: for=192.0.2.7 | X-Forwarded-Prefix: /a");
    assertThat(standard.address()).isEqualTo("192.0.2.7");
    assertThat(standard.prefix()).isNull();
    assertThat(standard.headers())
        .containsEntry("X-Forwarded-For", List.of())
        .containsEntry("X-Forwarded-Prefix", List.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ForwardedHeaders.Kind.of("none"))
        .withMessageContaining("\"none\"");
  }

  @Test
  void removesTheHeadersOfPeersThatAreNotTrusted() {
    String lines =
        "x-forwarded-for: 6.6.6.6 | Forwarded: for=\" | X-Forwarded-Ssl: on | X-Real-IP: 6.6.6.6"
            + " | X-Forwarded: x | Host: a | X-Request-Id: 7 | From: me";
    ForwardedOrigin origin = decide(OURS, "192.0.2.7", lines);
    assertThat(origin.address()).isNull();
    assertThat(origin.headers())
        .containsOnlyKeys(
            "Forwarded", "x-forwarded-for", "X-Forwarded-Ssl", "X-Real-IP", "X-Forwarded");
    assertThat(origin.headers().values()).allMatch(List::isEmpty);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3.3.3.3",
    "2, 2.2.2.2",
    "3, 1.1.1.1",
    "4, 1.1.1.1",
  })
  void believesAsManyProxiesAsThereAreHops(int hops, String client) {
    ForwardedHeaders policy = ForwardedHeaders.trusting(List.of("*")).hops(hops);
    assertThat(decide(policy, "9.9.9.9", "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3").address())
        .isEqualTo(client);
    assertThat(
            decide(policy, "9.9.9.9", "Forwarded: for=1.1.1.1,for=2.2.2.2,for=3.3.3.3").address())
        .isEqualTo(client);
  }

  @Test
  void stopsAtTheFirstStrangerHoweverManyHopsThereAre() {
    assertThat(
            decide(OURS.hops(3), "127.0.0.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.9")
                .address())
        .isEqualTo("192.0.2.7");
    assertThat(
            decide(OURS.hops(1), "127.0.0.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.9")
                .address())
        .isEqualTo("10.0.0.9");
  }

  @Test
  void takesTheSchemeAndHostThatTheNearestProxySet() {
    ForwardedOrigin origin =
        decide(
            "X-Forwarded-Proto: http, HTTPS | X-Forwarded-Host: fake.example"
                + " | X-Forwarded-Host: shop.example:8443 | X-Forwarded-Port: 9");
    assertThat(origin.scheme()).isEqualTo("https");
    assertThat(origin.host()).isEqualTo("shop.example");
    assertThat(origin.serverPort()).isEqualTo(8443);
    assertThat(origin.headers())
        .containsEntry("X-Forwarded-Proto", List.of("https"))
        .containsEntry("X-Forwarded-Host", List.of("shop.example:8443"));
  }

  @Test
  void takesTheSchemeThatBelongsToTheClientsAddress() {
    ForwardedOrigin origin =
        decide(
            "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.9 | X-Forwarded-Proto: http, https, http");
    assertThat(origin.scheme()).isEqualTo("https");
    ForwardedOrigin standard =
        decide(
            "Forwarded: for=6.6.6.6;proto=http;host=evil, for=192.0.2.7;proto=https,"
                + " for=10.0.0.9;proto=http;host=shop");
    assertThat(standard.scheme()).isEqualTo("https");
    assertThat(standard.host()).isEqualTo("shop");
    assertThat(standard.headers().get("Forwarded"))
        .containsExactly("for=192.0.2.7;proto=https, for=10.0.0.9;proto=http;host=shop");
  }

  @Test
  void readsAllOfTheGrammar() {
    ForwardedOrigin origin =
        decide(
            "Forwarded: ;For=\"[2001:db8::1]:80\"; PROTO=https; host=\"a\\.example\";;secret=x,,");
    assertThat(origin.address()).isEqualTo("2001:db8::1");
    assertThat(origin.port()).isEqualTo(80);
    assertThat(origin.scheme()).isEqualTo("https");
    assertThat(origin.host()).isEqualTo("a.example");
    assertThat(decide("Forwarded: for=[2001:db8::1]").address()).isEqualTo("2001:db8::1");
    assertThat(decide("Forwarded: for=192.0.2.7:_hidden").port()).isZero();
    assertThat(decide("Forwarded: ,").address()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "_hidden",
        "127.1",
        "1.2.3.4.5",
        "[1.2.3.4]",
        "[::1",
        "[::1]x",
        "::g",
        "a.example"
      })
  void doesNotKnowTheAddressOfNodesThatHideOrAreNone(String node) {
    assertThat(decide("X-Forwarded-For: 6.6.6.6, " + node).address()).isNull();
    assertThat(decide("Forwarded: for=6.6.6.6, for=\"" + node + "\"").address()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "<x>", "a:0", "a:65536", "a:b", "::1", "[::1", "a/b", "u@a", "a:"})
  void ignoresWhatIsNoHost(String host) {
    ForwardedOrigin origin = decide("X-Forwarded-Host: " + host);
    assertThat(origin.host()).isNull();
    assertThat(origin.headers()).containsEntry("X-Forwarded-Host", List.of());
  }

  @ParameterizedTest
  @CsvSource({"/shop, /shop", "/a/b/, /a/b", "/a%20b, /a%20b", "/~x.y-z, /~x.y-z"})
  void takesAPrefix(String sent, String prefix) {
    assertThat(decide("X-Forwarded-Prefix: " + sent).prefix()).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "shop",
        "//evil.example",
        "/a//b",
        "/..",
        "/a/../b",
        "/./a",
        "/%2e%2e/a",
        "/a%2fb",
        "/a%5Cb",
        "/a\\b",
        "/a;b",
        "/a?b",
        "/a#b",
        "/a b",
        "/%0d%0aX",
        "/%",
        "/%zz",
        "http://a/b",
        "/é"
      })
  void ignoresWhatIsNoPrefix(String sent) {
    assertThat(decide("X-Forwarded-Prefix: " + sent).prefix()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https, shop.example, 443, shop.example",
    "http, shop.example, 443, shop.example:443",
    "http, shop.example, 0, shop.example",
    "https, , 8443, old:8443",
    "https, , 443, old",
    "http, , 0, ",
  })
  void leavesTheSchemesOwnPortOutOfTheHost(String scheme, String host, int port, String header) {
    ForwardedOrigin origin = new ForwardedOrigin(null, 0, scheme, host, port, null, Map.of());
    assertThat(origin.hostHeader("old:8080", scheme)).isEqualTo(header);
  }
}
