package dev.gangway.servlet;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers of what Java knows by name (RFC 8446, section 4.2.1; IANA, "TLS Cipher Suites"). */
final class TlsNumbers {

  /** Those that the JDK has switched on. */
  private static final Map<String, Integer> CIPHER_SUITES =
      Map.ofEntries(
          Map.entry("TLS_RSA_WITH_AES_128_CBC_SHA", 0x002F),
          Map.entry("TLS_DHE_DSS_WITH_AES_128_CBC_SHA", 0x0032),
          Map.entry("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 0x0033),
          Map.entry("TLS_RSA_WITH_AES_256_CBC_SHA", 0x0035),
          Map.entry("TLS_DHE_DSS_WITH_AES_256_CBC_SHA", 0x0038),
          Map.entry("TLS_DHE_RSA_WITH_AES_256_CBC_SHA", 0x0039),
          Map.entry("TLS_RSA_WITH_AES_128_CBC_SHA256", 0x003C),
          Map.entry("TLS_RSA_WITH_AES_256_CBC_SHA256", 0x003D),
          Map.entry("TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", 0x0067),
          Map.entry("TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", 0x006B),
          Map.entry("TLS_RSA_WITH_AES_128_GCM_SHA256", 0x009C),
          Map.entry("TLS_RSA_WITH_AES_256_GCM_SHA384", 0x009D),
          Map.entry("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 0x009E),
          Map.entry("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 0x009F),
          Map.entry("TLS_AES_128_GCM_SHA256", 0x1301),
          Map.entry("TLS_AES_256_GCM_SHA384", 0x1302),
          Map.entry("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
          Map.entry("TLS_AES_128_CCM_SHA256", 0x1304),
          Map.entry("TLS_AES_128_CCM_8_SHA256", 0x1305),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", 0xC009),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 0xC00A),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", 0xC013),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", 0xC014),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", 0xC023),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", 0xC024),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", 0xC027),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", 0xC028),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xC02B),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC02C),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xC02F),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xC030),
          Map.entry("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA8),
          Map.entry("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA9),
          Map.entry("TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCAA));

  private TlsNumbers() {}

  /**
   * The number of a version.
   *
   * @param name such as {@code TLSv1.3}, or null
   * @return such as 0x0304, or null if it is not known
   */
  static @Nullable Integer version(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return switch (name) {
      case "TLSv1" -> 0x0301;
      case "TLSv1.1" -> 0x0302;
      case "TLSv1.2" -> 0x0303;
      case "TLSv1.3" -> 0x0304;
      default -> null;
    };
  }

  /**
   * The number of a cipher suite.
   *
   * @param name as IANA has it
   * @return such as 0x1301, or null if it is not known
   */
  static @Nullable Integer cipherSuite(String name) {
    return CIPHER_SUITES.get(name);
  }
}
