package dev.gangway.servlet;

import dev.gangway.Header;
import dev.gangway.ResponseHead;
import dev.gangway.asgi.SendEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an application's events must be like, in any state. */
final class WebSocketRules {

  /** RFC 6455, section 5.5: a control frame holds 125 bytes, two of them are the code. */
  private static final int MOST_REASON = 123;

  private static final Map<Class<?>, String> NAMES =
      Map.of(
          SendEvent.WebSocketAccept.class, "websocket.accept",
          SendEvent.WebSocketSend.class, "websocket.send",
          SendEvent.WebSocketClose.class, "websocket.close",
          SendEvent.WebSocketHttpResponseStart.class, "websocket.http.response.start",
          SendEvent.WebSocketHttpResponseBody.class, "websocket.http.response.body");

  private WebSocketRules() {}

  /**
   * The name of an event in the specification.
   *
   * @param event any
   * @return the type; of other kinds of connections the name of the class
   */
  static String name(SendEvent event) {
    return NAMES.getOrDefault(event.getClass(), event.getClass().getSimpleName());
  }

  /**
   * Checks an event.
   *
   * @param event any
   * @param offered the subprotocols of the client
   * @throws IllegalStateException if a subprotocol is not one of them
   * @throws IllegalArgumentException if it is malformed in another way
   */
  static void check(SendEvent event, List<String> offered) {
    if (event instanceof SendEvent.WebSocketAccept accept) {
      String subprotocol = accept.subprotocol();
      if (subprotocol != null && !offered.contains(subprotocol)) {
        throw new IllegalStateException(
            "The subprotocol \""
                + subprotocol
                + "\" is not one of those that the client offers: "
                + offered);
      }
      accept.headers().forEach(WebSocketRules::checkAccepting);
    } else if (event instanceof SendEvent.WebSocketSend send) {
      if ((send.bytes() == null) == (send.text() == null)) {
        throw new IllegalArgumentException(
            "A message must have either bytes or text; this one has "
                + (send.text() == null ? "none" : "both"));
      }
    } else if (event instanceof SendEvent.WebSocketClose close) {
      checkClose(close);
    } else if (event instanceof SendEvent.WebSocketHttpResponseStart start) {
      if (start.status() < 200 || start.status() > 999) {
        throw new IllegalArgumentException(
            "The status " + start.status() + " denies nothing; use one such as 401");
      }
      ResponseHead.of(start.status() + " ", start.headers());
    }
  }

  private static void checkAccepting(Header header) {
    ResponseHead.checkHeader(header);
    String name = header.name().toLowerCase(Locale.ROOT);
    if (name.equals("sec-websocket-protocol")) {
      throw new IllegalArgumentException(
          "Leave the header Sec-WebSocket-Protocol out and name the subprotocol in the event");
    }
    if (ResponseHead.isHopByHop(name)
        || name.startsWith("sec-websocket-")
        || name.equals("content-length")) {
      throw new IllegalArgumentException(
          "The header " + header.name() + " belongs to the server, leave it out");
    }
  }

  /** RFC 6455, section 7.4: what may be in a frame. */
  private static void checkClose(SendEvent.WebSocketClose close) {
    int code = close.code();
    boolean known = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
    if (!known && (code < 3000 || code > 4999)) {
      throw new IllegalArgumentException(
          "The close code " + code + " cannot be sent; use 1000, or one from 3000 to 4999");
    }
    int length = close.reason().getBytes(StandardCharsets.UTF_8).length;
    if (length > MOST_REASON) {
      throw new IllegalArgumentException(
          "The reason of the close has " + length + " bytes; it may have " + MOST_REASON);
    }
  }
}
