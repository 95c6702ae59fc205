package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** What a client says in its request for a WebSocket (RFC 6455, section 4.2.1). */
final class OpeningHandshake {

  /** "Upgrade Required", which the Servlet API has no name for. */
  static final int UPGRADE_REQUIRED = 426;

  private OpeningHandshake() {}

  /**
   * Whether a request is one (also RFC 8441).
   *
   * @param request any
   * @return true if it is to be served as a WebSocket
   */
  static boolean isIn(HttpServletRequest request) {
    return (request.getMethod().equals("GET") && hasToken(request, "Upgrade", "websocket"))
        || (request.getMethod().equals("CONNECT")
            && request.getHeader("Sec-WebSocket-Version") != null);
  }

  /**
   * What the application may find in the request, and the container only later.
   *
   * @param request a WebSocket's
   * @return the status that refuses it, or 0 if it is well-formed
   */
  static int refusal(HttpServletRequest request) {
    if (request.getMethod().equals("CONNECT")) {
      return 0; // RFC 8441 has no key, and the version does not matter.
    }
    if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
      return UPGRADE_REQUIRED;
    }
    return request.getProtocol().equals("HTTP/1.0")
            || !hasToken(request, "Connection", "upgrade")
            || !isKey(Collections.list(request.getHeaders("Sec-WebSocket-Key")))
        ? HttpServletResponse.SC_BAD_REQUEST
        : 0;
  }

  /** One value that decodes to 16 bytes; more must not be (section 11.3.1). */
  private static boolean isKey(List<String> keys) {
    try {
      return keys.size() == 1
          && keys.get(0).length() == 24
          && Base64.getDecoder().decode(keys.get(0)).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The subprotocols that a client offers.
   *
   * @param request a WebSocket's
   * @return in the client's order
   */
  static List<String> subprotocols(HttpServletRequest request) {
    List<String> offered = new ArrayList<>();
    for (String value : Collections.list(request.getHeaders("Sec-WebSocket-Protocol"))) {
      for (String protocol : value.split(",", -1)) {
        if (!protocol.isBlank()) {
          offered.add(protocol.trim());
        }
      }
    }
    return List.copyOf(offered);
  }

  private static boolean hasToken(HttpServletRequest request, String name, String token) {
    for (String value : Collections.list(request.getHeaders(name))) {
      for (String part : value.split(",", -1)) {
        if (part.trim().equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }
}
