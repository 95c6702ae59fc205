package dev.gangway.server;

import org.jspecify.annotations.Nullable;

/**
 * A node of RFC 7239, section 6: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}, {@code unknown},
 * {@code _hidden}; also {@code 2001:db8::1}, as X-Forwarded-For has it, and {@code unix:}, which
 * nginx says of the peers of Unix domain sockets.
 *
 * @param address a number without brackets, or null if it is not known
 * @param port or 0 if it is not known
 * @param isUnix whether it is the peer of a Unix domain socket
 */
record ForwardedNode(@Nullable String address, int port, boolean isUnix) {

  private static final ForwardedNode UNKNOWN = new ForwardedNode(null, 0, false);
  private static final ForwardedNode UNIX = new ForwardedNode(null, 0, true);

  static ForwardedNode parse(String text) {
    if (text.equals("unix:")) {
      return UNIX;
    }
    String address = text;
    String port = "";
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0) {
        return UNKNOWN;
      }
      address = text.substring(1, end);
      port = text.substring(end + 1);
      if (address.indexOf(':') < 0 || (!port.isEmpty() && port.charAt(0) != ':')) {
        return UNKNOWN;
      }
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') >= 0) {
      address = text.substring(0, text.indexOf(':'));
      port = text.substring(text.indexOf(':'));
    }
    return AddressRange.number(address) == null
        ? UNKNOWN
        : new ForwardedNode(address, port.isEmpty() ? 0 : port(port.substring(1)), false);
  }

  /** A port, or 0 for what is none. */
  static int port(String digits) {
    if (digits.isEmpty() || digits.length() > 5) {
      return 0;
    }
    int port = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      port = port * 10 + c - '0';
    }
    return port <= 65535 ? port : 0;
  }
}
