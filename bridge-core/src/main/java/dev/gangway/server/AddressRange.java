package dev.gangway.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An IP address or a network of them. */
final class AddressRange {

  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final byte[] network;
  private final int bits;

  private AddressRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = number(slash < 0 ? text : text.substring(0, slash));
    if (network != null) {
      try {
        int all = network.length * 8;
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits >= 0 && bits <= all) {
          return new AddressRange(network, bits);
        }
      } catch (NumberFormatException e) {
        // reported below
      }
    }
    throw new IllegalArgumentException(
        "Cannot trust \""
            + text
            + "\": use an IP address such as 127.0.0.1 or ::1, a network such as 10.0.0.0/8, unix"
            + " for the peers of Unix domain sockets, or * for everybody.");
  }

  boolean contains(byte[] number) {
    if (number.length != network.length) {
      return false;
    }
    int bytes = bits / 8;
    for (int i = 0; i < bytes; i++) {
      if (number[i] != network[i]) {
        return false;
      }
    }
    int mask = 0xff00 >> (bits % 8) & 0xff;
    return mask == 0 || (number[bytes] & mask) == (network[bytes] & mask);
  }

  /**
   * The bytes of a numeric address, or null; never asks a name server. An address of IPv4 in IPv6
   * ({@code ::ffff:10.0.0.1}) is one of IPv4. Not {@code 127.1} or {@code 0177.0.0.1}, which some
   * take for an address and others for another.
   */
  static byte @Nullable [] number(String address) {
    if (address.indexOf(':') < 0) {
      return ipv4(address);
    }
    int zone = address.indexOf('%');
    String bare = zone < 0 ? address : address.substring(0, zone);
    if (!IPV6.matcher(bare).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(bare).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static byte @Nullable [] ipv4(String address) {
    byte[] number = new byte[4];
    int from = 0;
    for (int i = 0; i < 4; i++) {
      int dot = i == 3 ? address.length() : address.indexOf('.', from);
      int digits = dot - from;
      if (digits < 1 || digits > 3 || (digits > 1 && address.charAt(from) == '0')) {
        return null;
      }
      int value = 0;
      for (; from < dot; from++) {
        char c = address.charAt(from);
        if (c < '0' || c > '9') {
          return null;
        }
        value = value * 10 + c - '0';
      }
      if (value > 255) {
        return null;
      }
      number[i] = (byte) value;
      from = dot + 1;
    }
    return number;
  }
}
