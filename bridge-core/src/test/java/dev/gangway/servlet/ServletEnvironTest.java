package dev.gangway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.gangway.Environ;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real container in the conformance suite does not show. */
class ServletEnvironTest {

  private final HttpServletRequest request = mock(HttpServletRequest.class);
  private final Map<String, List<String>> headers = new HashMap<>();

  @BeforeEach
  void describeARequest() {
    when(request.getMethod()).thenReturn("GET");
    when(request.getProtocol()).thenReturn("HTTP/1.1");
    when(request.getScheme()).thenReturn("http");
    when(request.getServerName()).thenReturn("example.org");
    when(request.getServerPort()).thenReturn(8080);
    when(request.getRemoteAddr()).thenReturn("192.0.2.1");
    when(request.getRequestURI()).thenReturn("/x");
    when(request.getContentLengthLong()).thenReturn(-1L);
    when(request.getHeaderNames()).thenAnswer(call -> Collections.enumeration(headers.keySet()));
    when(request.getHeaders(anyString()))
        .thenAnswer(
            call ->
                Collections.enumeration(
                    headers.getOrDefault(call.getArgument(0, String.class), List.of())));
  }

  private Environ environ() {
    return ServletEnviron.forApplication(
        request,
        mock(HttpServletResponse.class),
        new RequestPath("", "/x"),
        new RequestContent(request),
        () -> false);
  }

  /** Every value as it comes both ways. */
  private Object value(String key) {
    Object single = environ().get(key);
    Map<String, Object> all = new HashMap<>();
    environ().forEach((name, value) -> assertThat(all.put(name, value)).isNull());
    if (single instanceof String) {
      assertThat(all.get(key)).isEqualTo(single);
    } else if (single == null) {
      assertThat(all).doesNotContainKey(key);
    }
    return single;
  }

  @Test
  void describesTls() {
    X509Certificate certificate = mock(X509Certificate.class);
    when(certificate.getSubjectX500Principal()).thenReturn(new X500Principal("CN=J\u00f6rg,C=DE"));
    when(certificate.getIssuerX500Principal()).thenReturn(new X500Principal("CN=B\u00f6rn"));
    when(certificate.getSerialNumber()).thenReturn(BigInteger.valueOf(0xabc));
    when(certificate.getNotBefore()).thenReturn(Date.from(Instant.parse("2026-02-01T10:20:30Z")));
    when(certificate.getNotAfter()).thenReturn(Date.from(Instant.parse("2027-12-31T00:00:00Z")));
    try {
      when(certificate.getEncoded()).thenReturn(new byte[60]);
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new AssertionError(e);
    }
    when(request.isSecure()).thenReturn(true);
    when(request.getScheme()).thenReturn("https");
    when(request.getAttribute("jakarta.servlet.request.secure_protocol")).thenReturn("TLSv1.3");
    when(request.getAttribute("jakarta.servlet.request.cipher_suite")).thenReturn("TLS_AES");
    when(request.getAttribute("jakarta.servlet.request.X509Certificate"))
        .thenReturn(new X509Certificate[] {certificate});
    assertThat(value("HTTPS")).isEqualTo("on");
    assertThat(value("wsgi.url_scheme")).isEqualTo("https");
    assertThat(value("SSL_PROTOCOL")).isEqualTo("TLSv1.3");
    assertThat(value("SSL_CIPHER")).isEqualTo("TLS_AES");
    assertThat(value("SSL_CLIENT_S_DN")).isEqualTo("CN=J\u00c3\u00b6rg,C=DE");
    assertThat(value("SSL_CLIENT_I_DN")).isEqualTo("CN=B\u00c3\u00b6rn");
    assertThat(value("SSL_CLIENT_M_SERIAL")).isEqualTo("ABC");
    assertThat(value("SSL_CLIENT_V_START")).isEqualTo("Feb 1 10:20:30 2026 GMT");
    assertThat(value("SSL_CLIENT_V_END")).isEqualTo("Dec 31 00:00:00 2027 GMT");
    assertThat(value("SSL_CLIENT_VERIFY")).isEqualTo("SUCCESS");
    assertThat((String) value("SSL_CLIENT_CERT"))
        .matches("-----BEGIN CERTIFICATE-----\n(A{64}\nA{16})\n-----END CERTIFICATE-----\n");
  }

  @Test
  void knowsTheProtocolOfTomcat101() {
    when(request.isSecure()).thenReturn(true);
    when(request.getAttribute("org.apache.tomcat.util.net.secure_protocol_version"))
        .thenReturn("TLSv1.2");
    assertThat(value("SSL_PROTOCOL")).isEqualTo("TLSv1.2");
    assertThat(value("SSL_CLIENT_CERT")).isNull();
    assertThat(value("SSL_CLIENT_VERIFY")).isNull();
  }

  @Test
  void hasNothingOfTlsWithoutTls() {
    when(request.getAttribute("jakarta.servlet.request.cipher_suite")).thenReturn("TLS_AES");
    assertThat(value("HTTPS")).isNull();
    assertThat(value("SSL_CIPHER")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/2.0, http, 80, example.org",
    "HTTP/2.0, https, 443, example.org",
    "HTTP/2.0, https, 8443, example.org:8443",
    "HTTP/3.0, https, 443, example.org"
  })
  void takesTheHostOfHttp2FromTheAuthority(String protocol, String scheme, int port, String host) {
    when(request.getProtocol()).thenReturn(protocol);
    when(request.getScheme()).thenReturn(scheme);
    when(request.getServerPort()).thenReturn(port);
    assertThat(value("HTTP_HOST")).isEqualTo(host);
    assertThat(value("SERVER_PROTOCOL")).isEqualTo(protocol.replace(".0", ""));
  }

  @Test
  void prefersTheHostHeader() {
    when(request.getProtocol()).thenReturn("HTTP/2.0");
    headers.put("HOST", List.of("other"));
    assertThat(value("HTTP_HOST")).isEqualTo("other");
  }

  @Test
  void hasNoHostWhereNoneWasSent() {
    assertThat(value("HTTP_HOST")).isNull();
  }

  @Test
  void hasAnEmptyAddressOverAUnixDomainSocket() {
    when(request.getRemoteAddr()).thenReturn(null);
    when(request.getServerPort()).thenReturn(-1);
    assertThat(value("REMOTE_ADDR")).isEqualTo("");
    assertThat(value("REMOTE_PORT")).isNull();
    assertThat(value("SERVER_PORT")).isEqualTo("80");
  }

  @Test
  void writesIpv6AsTheSpecificationsDo() {
    when(request.getRemoteAddr()).thenReturn("[2001:db8::1]");
    when(request.getServerName()).thenReturn("2001:db8::2");
    assertThat(value("REMOTE_ADDR")).isEqualTo("2001:db8::1");
    assertThat(value("SERVER_NAME")).isEqualTo("[2001:db8::2]");
  }

  @Test
  void takesTheUserFromTheContainer() {
    when(request.getRemoteUser()).thenReturn("J\u00f6rg");
    when(request.getAuthType()).thenReturn("BASIC");
    assertThat(value("REMOTE_USER")).isEqualTo("J\u00c3\u00b6rg");
    assertThat(value("AUTH_TYPE")).isEqualTo("BASIC");
  }

  @Test
  void undoesADecodingAsUtf8() {
    headers.put("X-A", List.of("\u4f60"));
    assertThat(value("HTTP_X_A")).isEqualTo("\u00e4\u00bd\u00a0");
  }

  @Test
  void leavesTheStreamAloneUntilItIsRead() throws Exception {
    when(request.getContentLengthLong()).thenReturn(5L);
    when(request.getContentType()).thenReturn("text/plain");
    environ().forEach((key, value) -> assertThat(value).isNotNull());
    verify(request, never()).getInputStream();
  }

  @Test
  void leavesTheBodyToTheHostOfAnExchange() {
    Environ environ =
        ServletEnviron.forExchange(
            request,
            mock(HttpServletResponse.class),
            new RequestPath("", "/x"),
            new RequestContent(request),
            () -> false);
    assertThat(environ.get("wsgi.input")).isNull();
    assertThat(environ).doesNotContainKeys("wsgi.errors", "wsgi.file_wrapper", "wsgi.input");
    assertThat(environ).containsKeys("REQUEST_METHOD", "gangway.client_disconnected");
  }
}
