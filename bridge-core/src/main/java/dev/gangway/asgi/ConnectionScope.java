package dev.gangway.asgi;

import dev.gangway.Header;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP requests and WebSockets have in common. Strings that hold bytes are "bytes as unicode":
 * each character stands for one byte.
 *
 * @param httpVersion {@code 1.0}, {@code 1.1} or {@code 2}
 * @param scheme {@code http} or {@code https}; {@code ws} or {@code wss}
 * @param path the decoded path, with {@code rootPath} before what the application routes, as text
 * @param rawPath the bytes of the path as they were sent, without the query
 * @param queryString the bytes after the question mark; empty when there are none
 * @param rootPath where the application is mounted, as text; empty at the root, never {@code /}
 * @param headers names in lower case and values, bytes, in the order in which they were sent
 * @param client who asks, or null if that is not known
 * @param server who is asked; null if that is not known
 * @param tls what is known of TLS, or null if the connection is not secure
 * @param extras what the container knows beyond the specification, such as the authenticated user;
 *     keys have a dot, values are text, lists of text, or objects that only Java can use
 */
public record ConnectionScope(
    String httpVersion,
    String scheme,
    String path,
    String rawPath,
    String queryString,
    String rootPath,
    List<Header> headers,
    @Nullable Address client,
    @Nullable Address server,
    @Nullable TlsConnection tls,
    Map<String, Object> extras) {}
