package dev.gangway.python;

import dev.gangway.Header;
import dev.gangway.asgi.SendEvent;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads an application's events from frames, of which nothing is believed. */
final class StreamEvents {

  private StreamEvents() {}

  /** What a frame takes of its stream's window. */
  static int cost(int kind, ByteBuffer payload) {
    return switch (kind) {
      case StreamFrame.PART, StreamFrame.DENY_PART ->
          payload.remaining() - 1 + StreamFrame.MESSAGE_COST;
      case StreamFrame.SEND_TEXT, StreamFrame.SEND_BINARY ->
          payload.remaining() + StreamFrame.MESSAGE_COST;
      case StreamFrame.TRAILERS, StreamFrame.EARLY_HINT -> StreamFrame.MESSAGE_COST;
      default -> 0;
    };
  }

  /**
   * Reads an event.
   *
   * @param payload of which what the event keeps is copied
   * @throws IOException if it is malformed
   */
  static SendEvent read(int kind, ByteBuffer payload) throws IOException {
    try {
      return switch (kind) {
        case StreamFrame.START -> {
          boolean trailers = payload.get() != 0;
          yield start(bytes(payload, payload.remaining()), trailers);
        }
        case StreamFrame.PART -> {
          boolean more = payload.get() != 0;
          yield new SendEvent.HttpResponseBody(copy(payload), more);
        }
        case StreamFrame.PATHSEND -> new SendEvent.HttpResponsePathsend(Path.of(utf8(payload)));
        case StreamFrame.TRAILERS -> {
          String[] fields = fields(bytes(payload, payload.remaining()));
          yield new SendEvent.HttpResponseTrailers(headers(fields), fields[0].equals("1"));
        }
        case StreamFrame.EARLY_HINT ->
            new SendEvent.HttpResponseEarlyHint(
                headers(fields(bytes(payload, payload.remaining()))).stream()
                    .map(Header::value)
                    .toList());
        case StreamFrame.ACCEPT -> {
          String[] fields = fields(bytes(payload, payload.remaining()));
          yield new SendEvent.WebSocketAccept(
              fields[0].isEmpty() ? null : fields[0], headers(fields));
        }
        case StreamFrame.SEND_TEXT -> new SendEvent.WebSocketSend(null, utf8(payload));
        case StreamFrame.SEND_BINARY -> new SendEvent.WebSocketSend(copy(payload), null);
        case StreamFrame.CLOSE -> {
          int code = payload.getShort() & 0xFFFF;
          yield new SendEvent.WebSocketClose(code, utf8(payload));
        }
        case StreamFrame.DENY -> {
          SendEvent.HttpResponseStart head = start(bytes(payload, payload.remaining()), false);
          yield new SendEvent.WebSocketHttpResponseStart(head.status(), head.headers());
        }
        case StreamFrame.DENY_PART -> {
          boolean more = payload.get() != 0;
          yield new SendEvent.WebSocketHttpResponseBody(copy(payload), more);
        }
        default -> throw new ProtocolException("a frame of the unknown kind " + kind);
      };
    } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
      throw new ProtocolException("a malformed frame of the kind " + kind + ": " + e.getMessage());
    }
  }

  /**
   * Status and headers.
   *
   * @throws IOException if they are malformed
   */
  static SendEvent.HttpResponseStart start(byte[] head, boolean trailers) throws IOException {
    String[] fields = fields(head);
    if (!fields[0].matches("[1-9][0-9]{2}")) {
      throw new ProtocolException("a status that is not three digits");
    }
    return new SendEvent.HttpResponseStart(Integer.parseInt(fields[0]), headers(fields), trailers);
  }

  private static String[] fields(byte[] encoded) throws IOException {
    for (byte b : encoded) {
      if (b > 0 && b < ' ') {
        throw new ProtocolException("a control character in a head");
      }
    }
    return new String(encoded, StandardCharsets.ISO_8859_1).split("\0", -1);
  }

  private static List<Header> headers(String[] fields) throws IOException {
    if (fields.length % 2 == 0) {
      throw new ProtocolException("a header without a value");
    }
    List<Header> headers = new ArrayList<>(fields.length / 2);
    for (int i = 1; i < fields.length; i += 2) {
      if (fields[i].isEmpty()) {
        throw new ProtocolException("a header without a name");
      }
      headers.add(new Header(fields[i], fields[i + 1]));
    }
    return headers;
  }

  static byte[] bytes(ByteBuffer payload, int length) {
    byte[] bytes = new byte[length];
    payload.get(bytes);
    return bytes;
  }

  static ByteBuffer copy(ByteBuffer payload) {
    return ByteBuffer.wrap(bytes(payload, payload.remaining()));
  }

  private static String utf8(ByteBuffer payload) {
    return new String(bytes(payload, payload.remaining()), StandardCharsets.UTF_8);
  }
}
