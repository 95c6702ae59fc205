package dev.gangway.python;

import dev.gangway.Header;
import dev.gangway.asgi.Address;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.TlsConnection;
import dev.gangway.asgi.WebSocketScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a scope as a worker reads it: fields separated by NUL, then names and values of the
 * headers. The worker's side is {@code scope} in {@code gangway_worker/asgi.py}.
 */
final class ScopeEncoder {

  private static final String PART = "\u001e";

  private byte[] bytes = new byte[1024];
  private int size = StreamFrame.HEADER;
  private boolean separate;

  private ScopeEncoder() {}

  /**
   * The frame that opens a stream for a request.
   *
   * @param more whether parts of its body follow
   * @throws IllegalArgumentException if a field holds NUL
   */
  static ByteBuffer http(int stream, String requestId, HttpScope scope, boolean more) {
    ScopeEncoder encoder = new ScopeEncoder();
    encoder.room(1);
    encoder.bytes[encoder.size++] = (byte) (more ? 1 : 0);
    encoder.connection(
        requestId, scope.connection(), scope.method(), scope.extensions(), List.of());
    return encoder.frame(StreamFrame.HTTP, stream);
  }

  /**
   * The frame that opens a stream for a WebSocket.
   *
   * @throws IllegalArgumentException if a field holds NUL
   */
  static ByteBuffer webSocket(int stream, String requestId, WebSocketScope scope) {
    ScopeEncoder encoder = new ScopeEncoder();
    encoder.connection(
        requestId, scope.connection(), "GET", scope.extensions(), scope.subprotocols());
    return encoder.frame(StreamFrame.WEBSOCKET, stream);
  }

  private ByteBuffer frame(int kind, int stream) {
    ByteBuffer frame = ByteBuffer.wrap(bytes, 0, size).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(0, size - StreamFrame.HEADER).put(4, (byte) kind).putInt(5, stream);
    return frame;
  }

  private void connection(
      String requestId,
      ConnectionScope scope,
      String method,
      Set<String> extensions,
      List<String> subprotocols) {
    latin(requestId);
    latin(scope.httpVersion());
    latin(method);
    latin(scope.scheme());
    text(scope.path());
    latin(scope.rawPath());
    latin(scope.queryString());
    text(scope.rootPath());
    address(scope.client());
    address(scope.server());
    latin(extensions.isEmpty() ? "" : String.join(" ", extensions));
    latin(subprotocols.isEmpty() ? "" : String.join(PART, subprotocols));
    text(tls(scope.tls()));
    text(extras(scope));
    for (Header header : scope.headers()) {
      latin(header.name());
      latin(header.value());
    }
  }

  private void address(@Nullable Address address) {
    text(address == null ? "" : address.host());
    latin(address == null || address.port() < 0 ? "" : Integer.toString(address.port()));
  }

  private static String tls(@Nullable TlsConnection tls) {
    if (tls == null) {
      return "";
    }
    StringBuilder fields = new StringBuilder();
    fields.append(tls.version() == null ? "" : tls.version()).append(PART);
    fields.append(tls.cipherSuite() == null ? "" : tls.cipherSuite()).append(PART);
    fields.append(tls.clientCertName() == null ? "" : tls.clientCertName()).append(PART);
    fields.append(tls.serverCert() == null ? "" : tls.serverCert());
    tls.clientCertChain().forEach(certificate -> fields.append(PART).append(certificate));
    return fields.toString();
  }

  private static String extras(ConnectionScope scope) {
    if (scope.extras().isEmpty()) {
      return "";
    }
    StringBuilder fields = new StringBuilder();
    scope
        .extras()
        .forEach(
            (name, value) -> {
              if (value instanceof String text) {
                fields.append(fields.isEmpty() ? "" : PART).append(name).append('=').append(text);
              }
            });
    return fields.toString();
  }

  private void text(String text) {
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("deprecation") // the fast way for latin-1: each character is one byte
  private void latin(String text) {
    int length = text.length();
    separate();
    room(length);
    text.getBytes(0, length, bytes, size);
    check(length);
  }

  private void put(byte[] field) {
    separate();
    room(field.length);
    System.arraycopy(field, 0, bytes, size, field.length);
    check(field.length);
  }

  private void separate() {
    if (separate) {
      room(1);
      bytes[size++] = 0;
    }
    separate = true;
  }

  private void check(int length) {
    for (int i = size; i < size + length; i++) {
      if (bytes[i] == 0) {
        // NUL separates the fields: a value that holds one could pose as other fields.
        throw new IllegalArgumentException("A value of the request holds the character NUL");
      }
    }
    size += length;
  }

  private void room(int length) {
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
    }
  }
}
