package dev.gangway.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a proxy says about the client: {@code Forwarded} (RFC 7239), or {@code
 * X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}. Only trusted peers are
 * believed, and of a chain of addresses the last that is not a trusted proxy is the client, so that
 * a client cannot make one up. Immutable and safe for many threads.
 */
public final class ForwardedHeaders {

  /**
   * What the proxy says; null for what it does not say.
   *
   * @param address of the client, a number without brackets
   * @param scheme {@code http} or {@code https}
   * @param host that the client asked for, with brackets if it is IPv6, without a port
   * @param serverPort that the client asked for, or 0 for the scheme's own
   */
  public record Origin(
      @Nullable String address, @Nullable String scheme, @Nullable String host, int serverPort) {}

  private final List<AddressRange> trusted;
  private final boolean everybody;

  private ForwardedHeaders(List<AddressRange> trusted, boolean everybody) {
    this.trusted = trusted;
    this.everybody = everybody;
  }

  /**
   * Trusts the given peers.
   *
   * @param addresses numbers, networks such as {@code 10.0.0.0/8}, or {@code *}
   * @return the policy
   * @throws IllegalArgumentException if one is malformed
   */
  public static ForwardedHeaders trusting(List<String> addresses) {
    List<AddressRange> ranges = new ArrayList<>();
    boolean everybody = false;
    for (String address : addresses) {
      if (address.strip().equals("*")) {
        everybody = true;
      } else {
        ranges.add(AddressRange.parse(address.strip()));
      }
    }
    return new ForwardedHeaders(List.copyOf(ranges), everybody);
  }

  /**
   * Whether nobody is trusted, so that there is nothing to do.
   *
   * @return true if no address was given
   */
  public boolean isOff() {
    return trusted.isEmpty() && !everybody;
  }

  /**
   * Whether a peer is trusted.
   *
   * @param address a number, or null or empty for the peer of a Unix domain socket
   * @return true if its headers are believed
   */
  public boolean trusts(@Nullable String address) {
    if (address == null || address.isEmpty()) {
      return !isOff();
    }
    return everybody || trusted.stream().anyMatch(range -> range.contains(address));
  }

  /**
   * Reads the headers of a trusted peer.
   *
   * @param headers the values of a header, in order; empty when absent
   * @return what they say, or null when there is none
   */
  public @Nullable Origin read(Function<String, List<String>> headers) {
    List<String> forwarded = headers.apply("Forwarded");
    if (!forwarded.isEmpty()) {
      return fromForwarded(split(forwarded, ','));
    }
    List<String> chain = split(headers.apply("X-Forwarded-For"), ',');
    String proto = last(headers.apply("X-Forwarded-Proto"));
    String host = last(headers.apply("X-Forwarded-Host"));
    String port = last(headers.apply("X-Forwarded-Port"));
    if (chain.isEmpty() && proto == null && host == null && port == null) {
      return null;
    }
    return origin(client(chain), proto, host, port);
  }

  private @Nullable Origin fromForwarded(List<String> elements) {
    List<String> chain = new ArrayList<>();
    String proto = null;
    String host = null;
    for (String element : elements) {
      for (String pair : split(List.of(element), ';')) {
        int equals = pair.indexOf('=');
        if (equals < 0) {
          continue;
        }
        String value = unquote(pair.substring(equals + 1).strip());
        switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
          case "for" -> chain.add(value);
          case "proto" -> proto = value;
          case "host" -> host = value;
          default -> {}
        }
      }
    }
    return chain.isEmpty() && proto == null && host == null
        ? null
        : origin(client(chain), proto, host, null);
  }

  /** The last of the chain that is not one of our proxies; all ours: the first. */
  private @Nullable String client(List<String> chain) {
    if (chain.isEmpty()) {
      return null;
    }
    if (everybody) {
      return chain.get(0);
    }
    List<String> backwards = new ArrayList<>(chain);
    Collections.reverse(backwards);
    for (String node : backwards) {
      if (!trusts(nodeAddress(node))) {
        return node;
      }
    }
    return chain.get(0);
  }

  private static Origin origin(
      @Nullable String client,
      @Nullable String proto,
      @Nullable String host,
      @Nullable String port) {
    String scheme = null;
    if (proto != null && (proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("http"))) {
      scheme = proto.toLowerCase(Locale.ROOT);
    }
    String hostName = null;
    int serverPort = 0;
    if (host != null) {
      int colon = host.lastIndexOf(':');
      boolean hasPort = colon > host.lastIndexOf(']');
      String name = hasPort ? host.substring(0, colon) : host;
      serverPort = hasPort ? port(host.substring(colon + 1)) : 0;
      hostName = AddressRange.isHost(name) ? name : null;
    }
    serverPort = port == null || serverPort > 0 ? serverPort : port(port);
    String address = client == null ? null : nodeAddress(client);
    boolean number = address != null && AddressRange.number(address) != null;
    return new Origin(number ? address : null, scheme, hostName, serverPort);
  }

  /** {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}, {@code 2001:db8::1}, {@code unknown}. */
  private static String nodeAddress(String node) {
    if (node.startsWith("[")) {
      int end = node.indexOf(']');
      return end < 0 ? node : node.substring(1, end);
    }
    int colon = node.indexOf(':');
    return colon >= 0 && colon == node.lastIndexOf(':') ? node.substring(0, colon) : node;
  }

  private static int port(String digits) {
    try {
      int port = Integer.parseInt(digits);
      return port > 0 && port <= 65535 ? port : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static @Nullable String last(List<String> values) {
    List<String> parts = split(values, ',');
    return parts.isEmpty() ? null : parts.get(parts.size() - 1);
  }

  private static String unquote(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
        : value;
  }

  /** Splits at a separator outside of quotes; drops empty parts. */
  private static List<String> split(List<String> values, char separator) {
    List<String> parts = new ArrayList<>();
    for (String value : values) {
      StringBuilder part = new StringBuilder();
      boolean quoted = false;
      for (int i = 0; i <= value.length(); i++) {
        char c = i < value.length() ? value.charAt(i) : separator;
        if (i == value.length() || (c == separator && !quoted)) {
          if (!part.toString().isBlank()) {
            parts.add(part.toString().strip());
          }
          part.setLength(0);
        } else {
          if (c == '\\' && quoted && i + 1 < value.length()) {
            part.append(c);
            c = value.charAt(++i);
          } else if (c == '"') {
            quoted = !quoted;
          }
          part.append(c);
        }
      }
    }
    return parts;
  }
}
