package dev.gangway.asgi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a secure connection (ASGI TLS extension 0.2).
 *
 * @param serverCert the server's certificate in PEM form, or null if the container does not tell
 * @param clientCertChain the client's certificates in PEM form, its own first; empty if it sent
 *     none
 * @param clientCertName the subject of the client's certificate (RFC 4514), or null
 * @param version the number of the TLS version, such as 0x0304, or null if it is not known
 * @param cipherSuite the number of the cipher suite, or null if it is not known
 */
public record TlsConnection(
    @Nullable String serverCert,
    List<String> clientCertChain,
    @Nullable String clientCertName,
    @Nullable Integer version,
    @Nullable Integer cipherSuite) {}
