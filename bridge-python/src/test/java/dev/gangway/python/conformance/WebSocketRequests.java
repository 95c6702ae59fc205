package dev.gangway.python.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

/** The raw handshakes of the differential test, by name. */
final class WebSocketRequests {

  private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String UPGRADE = "Upgrade: websocket\r\n";
  private static final String CONNECTION = "Connection: Upgrade\r\n";
  private static final String ASKED = UPGRADE + VERSION + KEY;

  private final Map<String, String> requests = new LinkedHashMap<>();

  private WebSocketRequests() {
    DifferentialRequests.all()
        .forEach(
            (name, request) -> {
              if (name.matches("(path|header|host|target) .*|method (POST|HEAD)")) {
                put("websocket " + name, upgraded(request));
              }
            });
    subprotocols();
    handshakes();
    answers();
  }

  static Map<String, String> all() {
    return new WebSocketRequests().requests;
  }

  /** The same request, for a WebSocket. */
  private static String upgraded(String request) {
    return request.replace("Connection: close", CONNECTION + ASKED.stripTrailing());
  }

  private void subprotocols() {
    subprotocol("one", "chat");
    subprotocol("several", "chat, superchat, v2.example");
    subprotocol("several without blanks", "chat,superchat");
    subprotocol("several with odd blanks", "  chat ,\tsuperchat  ,v2");
    subprotocol("twice the same", "chat, chat");
    subprotocol("with empty elements", ",chat,, superchat,");
    subprotocol("empty", "");
    subprotocol("in two headers", "chat, a\r\nX-Between: 1\r\nSec-WebSocket-Protocol: superchat");
    subprotocol("that is no token", "chat room, a(b)");
  }

  private void handshakes() {
    handshake("without a version", UPGRADE + CONNECTION + KEY);
    handshake("of version 8", UPGRADE + CONNECTION + KEY + "Sec-WebSocket-Version: 8\r\n");
    handshake("without a key", UPGRADE + CONNECTION + VERSION);
    handshake("with a short key", UPGRADE + CONNECTION + VERSION + "Sec-WebSocket-Key: YQ==\r\n");
    handshake(
        "with a key that is no base64", UPGRADE + CONNECTION + VERSION + KEY.replace("=", "!"));
    handshake("with two keys", UPGRADE + CONNECTION + VERSION + KEY + KEY);
    handshake("in other letters", VERSION + KEY + "UPGRADE: WebSocket\r\nCONNECTION: UPGRADE\r\n");
    handshake("that keeps alive", ASKED + "Connection: keep-alive, Upgrade\r\n");
    handshake("in two Connection headers", ASKED + "Connection: keep-alive\r\n" + CONNECTION);
    handshake("without Connection", ASKED);
    handshake("without Upgrade", VERSION + KEY + CONNECTION);
    handshake("to something else", VERSION + KEY + CONNECTION + "Upgrade: h2c\r\n");
    put(
        "websocket handshake with an odd host",
        "GET /w HTTP/1.1\r\nHost: a^b\r\n" + ASKED + CONNECTION + "\r\n");
    handshake("with an origin", ASKED + CONNECTION + "Origin: https://example.org\r\n");
    handshake("with a length", ASKED + CONNECTION + "Content-Length: 0\r\n");
    handshake(
        "with compression",
        ASKED + CONNECTION + "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    handshake(
        "with an unknown extension",
        ASKED + CONNECTION + "Sec-WebSocket-Extensions: x-unknown; a=b, x-other\r\n");
    put(
        "websocket handshake in HTTP/1.0",
        "GET /w HTTP/1.0\r\nHost: localhost\r\n" + ASKED + CONNECTION + "\r\n");
  }

  private void answers() {
    for (String name :
        new String[] {
          "subprotocol?superchat",
          "subprotocol",
          "headers",
          "closes_at_once",
          "closes_with_a_code",
          "denies",
          "raises",
          "returns",
          "greets",
          "greets_in_bytes",
          "accepts_and_closes?1000",
          "accepts_and_closes?3456",
          "accepts_and_raises",
          "accepts_and_returns"
        }) {
      put("websocket respond " + name, open("/respond/" + name, "chat, superchat"));
    }
    put("websocket respond subprotocol of none", open("/respond/subprotocol", null));
  }

  private void subprotocol(String name, String value) {
    put("websocket subprotocol " + name, open("/w", value));
  }

  private static String open(String target, String subprotocols) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\n"
        + CONNECTION
        + ASKED
        + (subprotocols == null ? "" : "Sec-WebSocket-Protocol: " + subprotocols + "\r\n")
        + "\r\n";
  }

  private void handshake(String name, String fields) {
    put("websocket handshake " + name, "GET /w HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
  }

  private void put(String name, String request) {
    if (requests.put(name, request) != null) {
      throw new IllegalArgumentException("Two handshakes have the name " + name);
    }
  }
}
