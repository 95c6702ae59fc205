package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The environ's keys of TLS, from the attributes of Servlet 6.0, section 3.11. */
final class TlsAttributes {

  static final List<String> KEYS =
      List.of("HTTPS", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_CLIENT_CERT", "SSL_CLIENT_S_DN");

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
      case "SSL_PROTOCOL" ->
          string(
              request,
              "jakarta.servlet.request.secure_protocol",
              "org.apache.tomcat.util.net.secure_protocol_version");
      case "SSL_CIPHER" -> string(request, "jakarta.servlet.request.cipher_suite");
      case "SSL_CLIENT_CERT" -> pem(certificate(request));
      case "SSL_CLIENT_S_DN" -> {
        X509Certificate certificate = certificate(request);
        yield certificate == null
            ? null
            : Latin1.ofUtf8(certificate.getSubjectX500Principal().getName());
      }
      default -> null;
    };
  }

  private static @Nullable String string(HttpServletRequest request, String... attributes) {
    for (String attribute : attributes) {
      if (request.getAttribute(attribute) instanceof String value) {
        return Latin1.ofUtf8(value);
      }
    }
    return null;
  }

  private static @Nullable X509Certificate certificate(HttpServletRequest request) {
    return request.getAttribute("jakarta.servlet.request.X509Certificate")
                instanceof X509Certificate[] chain
            && chain.length > 0
        ? chain[0]
        : null;
  }

  private static @Nullable String pem(@Nullable X509Certificate certificate) {
    if (certificate == null) {
      return null;
    }
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
