package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.server.ForwardedHeaders.Origin;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedHeadersTest {

  private static Origin read(ForwardedHeaders headers, Map<String, List<String>> sent) {
    return headers.read(name -> sent.getOrDefault(name, List.of()));
  }

  @Test
  void trustsAddressesAndNetworks() {
    ForwardedHeaders headers =
        ForwardedHeaders.trusting(List.of("127.0.0.1", "10.1.0.0/16", "2001:db8::/32"));
    assertThat(List.of("127.0.0.1", "10.1.255.1", "2001:db8:1::1")).allMatch(headers::trusts);
    assertThat(List.of("127.0.0.2", "10.2.0.1", "2001:db9::1", "x")).noneMatch(headers::trusts);
  }

  @Test
  void trustsPeersOfAUnixDomainSocketOnlyIfAnybodyIsTrusted() {
    assertThat(ForwardedHeaders.trusting(List.of()).trusts(null)).isFalse();
    assertThat(ForwardedHeaders.trusting(List.of("::1")).trusts(null)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "", "300.1.1.1"})
  void saysWhatItCannotTrust(String address) {
    assertThatThrownBy(() -> ForwardedHeaders.trusting(List.of(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + address + "\"");
  }

  @Test
  void doesNotLetAClientMakeUpItsAddress() {
    ForwardedHeaders headers = ForwardedHeaders.trusting(List.of("127.0.0.1", "10.0.0.9"));
    Map<String, List<String>> sent =
        Map.of("X-Forwarded-For", List.of("6.6.6.6", "192.0.2.1, 10.0.0.9"));
    assertThat(read(headers, sent)).isEqualTo(new Origin("192.0.2.1", null, null, 0));
  }

  @Test
  void takesTheLastSchemeAndHostThatTheNearestProxySet() {
    ForwardedHeaders headers = ForwardedHeaders.trusting(List.of("*"));
    Map<String, List<String>> sent =
        Map.of(
            "X-Forwarded-Proto", List.of("http, HTTPS"),
            "X-Forwarded-Host", List.of("fake.example", "shop.example:8443"),
            "X-Forwarded-Port", List.of("9"));
    assertThat(read(headers, sent)).isEqualTo(new Origin(null, "https", "shop.example", 8443));
  }

  @Test
  void readsQuotedPairsOfTheForwardedHeader() {
    ForwardedHeaders headers = ForwardedHeaders.trusting(List.of("127.0.0.1"));
    Map<String, List<String>> sent =
        Map.of("Forwarded", List.of("For=\"[2001:db8::1]:80\"; PROTO=https; host=\"a\\.example\""));
    assertThat(read(headers, sent)).isEqualTo(new Origin("2001:db8::1", "https", "a.example", 0));
  }

  @Test
  void ignoresNodesThatHideAndWhatIsMalformed() {
    ForwardedHeaders headers = ForwardedHeaders.trusting(List.of("127.0.0.1"));
    assertThat(read(headers, Map.of("Forwarded", List.of("for=_hidden;proto=ftp;;x;host="))))
        .isEqualTo(new Origin(null, null, null, 0));
    assertThat(read(headers, Map.of())).isNull();
  }
}
