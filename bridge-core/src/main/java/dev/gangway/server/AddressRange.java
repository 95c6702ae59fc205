package dev.gangway.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An IP address or a network of them. */
final class AddressRange {

  private static final Pattern NUMBER = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

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
            + "\": use an IP address such as 127.0.0.1 or ::1, a network such as 10.0.0.0/8, or *.");
  }

  boolean contains(String address) {
    byte[] number = number(address);
    if (number == null || number.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((number[bit / 8] & mask) != (network[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of a numeric address, or null; never asks a name server. */
  static byte @Nullable [] number(String address) {
    String bare = address.contains("%") ? address.substring(0, address.indexOf('%')) : address;
    if (!NUMBER.matcher(bare).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(bare).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Whether a proxy may name this as the host; what is no host name never gets into a URL. */
  static boolean isHost(String host) {
    return HOST.matcher(host).matches();
  }
}
