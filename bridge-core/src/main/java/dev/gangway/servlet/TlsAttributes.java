package dev.gangway.servlet;

import dev.gangway.asgi.TlsConnection;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The environ's keys of TLS, from the attributes of Servlet 6.0, section 3.11. */
final class TlsAttributes {

  static final List<String> KEYS =
      List.of(
          "HTTPS",
          "SSL_PROTOCOL",
          "SSL_CIPHER",
          "SSL_CIPHER_USEKEYSIZE",
          "SSL_SESSION_ID",
          "SSL_CLIENT_VERIFY",
          "SSL_CLIENT_CERT",
          "SSL_CLIENT_S_DN",
          "SSL_CLIENT_I_DN",
          "SSL_CLIENT_M_SERIAL",
          "SSL_CLIENT_V_START",
          "SSL_CLIENT_V_END");

  /** As mod_ssl writes it: {@code Nov 20 13:25:38 2026 GMT}. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private TlsAttributes() {}

  /**
   * The value of a key.
   *
   * @param request a secure one
   * @param key any
   * @return the value, or null if there is none
   */
  static @Nullable String get(HttpServletRequest request, String key) {
    return switch (key) {
      case "HTTPS" -> "on";
      case "SSL_PROTOCOL" -> {
        String protocol =
            string(
                request,
                "jakarta.servlet.request.secure_protocol",
                "org.apache.tomcat.util.net.secure_protocol_version");
        yield protocol == null ? Containers.tlsProtocol(request) : protocol;
      }
      case "SSL_CIPHER" -> string(request, "jakarta.servlet.request.cipher_suite");
      case "SSL_CIPHER_USEKEYSIZE" ->
          request.getAttribute("jakarta.servlet.request.key_size") instanceof Integer bits
              ? bits.toString()
              : null;
      case "SSL_SESSION_ID" -> string(request, "jakarta.servlet.request.ssl_session_id");
      case "SSL_CLIENT_VERIFY" -> verified(request);
      case "SSL_CLIENT_CERT" -> of(request, TlsAttributes::pem);
      case "SSL_CLIENT_S_DN" ->
          of(
              request,
              certificate -> Latin1.ofUtf8(certificate.getSubjectX500Principal().getName()));
      case "SSL_CLIENT_I_DN" ->
          of(request, certificate -> Latin1.ofUtf8(certificate.getIssuerX500Principal().getName()));
      case "SSL_CLIENT_M_SERIAL" ->
          of(request, it -> it.getSerialNumber().toString(16).toUpperCase(Locale.ROOT));
      case "SSL_CLIENT_V_START" -> of(request, it -> TIME.format(it.getNotBefore().toInstant()));
      case "SSL_CLIENT_V_END" -> of(request, it -> TIME.format(it.getNotAfter().toInstant()));
      default -> null;
    };
  }

  /**
   * What the TLS extension of ASGI tells.
   *
   * @param request a secure one
   * @return null where TLS ends at a proxy
   */
  static @Nullable TlsConnection connection(HttpServletRequest request) {
    String suite = get(request, "SSL_CIPHER");
    if (suite == null) {
      return null;
    }
    List<String> chain = new ArrayList<>();
    String name = null;
    if (request.getAttribute("jakarta.servlet.request.X509Certificate")
        instanceof X509Certificate[] certificates) {
      for (X509Certificate certificate : certificates) {
        String pem = pem(certificate);
        if (pem != null) {
          chain.add(pem);
        }
      }
      name = certificates.length == 0 ? null : certificates[0].getSubjectX500Principal().getName();
    }
    return new TlsConnection(
        null,
        List.copyOf(chain),
        name,
        TlsNumbers.version(get(request, "SSL_PROTOCOL")),
        TlsNumbers.cipherSuite(suite));
  }

  private static @Nullable String string(HttpServletRequest request, String... attributes) {
    for (String attribute : attributes) {
      if (request.getAttribute(attribute) instanceof String value) {
        return Latin1.ofUtf8(value);
      }
    }
    return null;
  }

  private static @Nullable String of(
      HttpServletRequest request, Function<X509Certificate, @Nullable String> value) {
    X509Certificate certificate = certificate(request);
    return certificate == null ? null : value.apply(certificate);
  }

  /** Null where TLS ends at a proxy, whose word on the client's certificate nobody knows. */
  private static @Nullable String verified(HttpServletRequest request) {
    if (certificate(request) != null) {
      return "SUCCESS"; // The container refuses others in the handshake.
    }
    return request.getAttribute("jakarta.servlet.request.cipher_suite") == null ? null : "NONE";
  }

  private static @Nullable X509Certificate certificate(HttpServletRequest request) {
    return request.getAttribute("jakarta.servlet.request.X509Certificate")
                instanceof X509Certificate[] chain
            && chain.length > 0
        ? chain[0]
        : null;
  }

  private static @Nullable String pem(X509Certificate certificate) {
    try {
      Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
      return "-----BEGIN CERTIFICATE-----\n"
          + lines.encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      return null; // The container parsed it; it has a form.
    }
  }
}
