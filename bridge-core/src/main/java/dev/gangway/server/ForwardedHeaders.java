package dev.gangway.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which proxies are believed, and what they say about the client: the one policy of all containers.
 *
 * <p>Only a trusted peer is believed; the headers of others are removed, so that no application can
 * believe them either. A trusted peer may speak {@code Forwarded} (RFC 7239) or {@code
 * X-Forwarded-For}, {@code -Proto}, {@code -Host}, {@code -Port} and {@code -Prefix}. Of a chain of
 * addresses the client is the last, counted from the right, that is no trusted proxy, and at most
 * as far away as there are hops; what stands to the left of it is the client's invention and is
 * removed.
 *
 * <p>Immutable and safe for many threads.
 */
public final class ForwardedHeaders {

  /** Which headers the proxies set; the others are removed. */
  public enum Kind {
    /** Either; a request with both that do not agree is refused. */
    ANY,
    /** {@code Forwarded} only. */
    FORWARDED,
    /** {@code X-Forwarded-*} only. */
    X_FORWARDED;

    /**
     * The kind of a setting's value.
     *
     * @param name {@code any}, {@code forwarded} or {@code x-forwarded}
     * @return the kind
     * @throws IllegalArgumentException if it is none of these
     */
    public static Kind of(String name) {
      try {
        return valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "Unknown forwarded-headers \"" + name + "\". Use any, forwarded or x-forwarded.", e);
      }
    }

    /**
     * The value of a setting.
     *
     * @return what {@link #of} takes
     */
    public String settingName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The request attribute by which a container's front door tells the servlet bridge the prefix, a
   * {@link ForwardedOrigin#prefix}.
   */
  public static final String PREFIX_ATTRIBUTE = "dev.gangway.forwarded-prefix";

  private final List<AddressRange> trusted;
  private final boolean unix;
  private final boolean everybody;
  private final int hops;
  private final Kind kind;

  private ForwardedHeaders(
      List<AddressRange> trusted, boolean unix, boolean everybody, int hops, Kind kind) {
    this.trusted = trusted;
    this.unix = unix;
    this.everybody = everybody;
    this.hops = hops;
    this.kind = kind;
  }

  /**
   * Trusts the given peers, and those of Unix domain sockets if there is one.
   *
   * @param addresses numbers, networks such as {@code 10.0.0.0/8}, {@code unix}, or {@code *}
   * @return the policy
   * @throws IllegalArgumentException if one is malformed
   */
  public static ForwardedHeaders trusting(List<String> addresses) {
    List<AddressRange> ranges = new ArrayList<>();
    boolean everybody = false;
    for (String address : addresses) {
      String bare = address.strip();
      if (bare.equals("*")) {
        everybody = true;
      } else if (!bare.equals("unix")) {
        ranges.add(AddressRange.parse(bare));
      }
    }
    return new ForwardedHeaders(
        List.copyOf(ranges), !addresses.isEmpty(), everybody, Integer.MAX_VALUE, Kind.ANY);
  }

  /**
   * Believes no more than a number of proxies, the peer being the first, whatever their addresses.
   *
   * @param count at least 1
   * @return the policy with that limit
   * @throws IllegalArgumentException if the count is smaller
   */
  public ForwardedHeaders hops(int count) {
    checkHops(count);
    return new ForwardedHeaders(trusted, unix, everybody, count, kind);
  }

  /**
   * The addresses of a setting's value.
   *
   * @param list separated by commas, perhaps none
   * @return what {@link #trusting} takes
   */
  public static List<String> addresses(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(it -> !it.isEmpty())
        .toList();
  }

  /**
   * The hops of a setting's value.
   *
   * @param count a number
   * @return what {@link #hops(int)} takes
   * @throws IllegalArgumentException if it is no number, or less than 1
   */
  public static int hops(String count) {
    int number;
    try {
      number = Integer.parseInt(count.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "forwarded-hops is \"" + count + "\", which is no number. Use at least 1.", e);
    }
    checkHops(number);
    return number;
  }

  static void checkHops(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "forwarded-hops is "
              + count
              + ", but the proxy in front of this server is the first. Use at least 1.");
    }
  }

  /**
   * Believes one kind of headers only.
   *
   * @param choice of headers
   * @return the policy with that choice
   */
  public ForwardedHeaders kind(Kind choice) {
    return new ForwardedHeaders(trusted, unix, everybody, hops, choice);
  }

  /**
   * Whether a header speaks about the client for a proxy: those above, any other {@code
   * X-Forwarded-...}, and {@code X-Real-IP}.
   *
   * @param name of a header, in any case
   * @return true if peers that are not trusted must not send it
   */
  public static boolean concerns(String name) {
    return switch (name.isEmpty() ? 0 : name.charAt(0)) {
      case 'f', 'F' -> name.equalsIgnoreCase(ForwardedReader.FORWARDED);
      case 'x', 'X' ->
          name.regionMatches(true, 0, "X-Forwarded", 0, 11) || name.equalsIgnoreCase("X-Real-IP");
      default -> false;
    };
  }

  /**
   * Whether a peer is trusted.
   *
   * @param address a number, or null or empty for the peer of a Unix domain socket
   * @return true if its headers are believed
   */
  public boolean trusts(@Nullable String address) {
    if (address == null || address.isEmpty()) {
      return unix;
    }
    if (everybody) {
      return true;
    }
    byte[] number = AddressRange.number(address);
    if (number != null) {
      for (AddressRange range : trusted) {
        if (range.contains(number)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Decides about one request.
   *
   * @param peer a number, or null or empty for the peer of a Unix domain socket
   * @param names of the request's headers, at least those that {@link #concerns} is true of
   * @param values of a header, in order; empty when absent
   * @return what is believed
   * @throws IllegalArgumentException if a trusted peer sends a {@code Forwarded} that breaks the
   *     grammar, or both kinds of headers and they do not agree: the request must get status 400
   */
  public ForwardedOrigin decide(
      @Nullable String peer, Collection<String> names, Function<String, List<String>> values) {
    Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (!trusts(peer)) {
      names.stream().filter(ForwardedHeaders::concerns).forEach(it -> changed.put(it, List.of()));
      return ForwardedOrigin.unknown(changed);
    }
    for (String name : ForwardedReader.HEADERS) {
      if (!values.apply(name).isEmpty()) {
        changed.put(name, List.of());
      }
    }
    boolean standard = kind != Kind.X_FORWARDED && changed.containsKey(ForwardedReader.FORWARDED);
    boolean classic =
        kind != Kind.FORWARDED
            && changed.size() > (changed.containsKey(ForwardedReader.FORWARDED) ? 1 : 0);
    ForwardedReader reader = new ForwardedReader(this, values, changed);
    if (!standard) {
      return classic ? reader.xForwarded() : reader.nothing();
    }
    ForwardedOrigin said = reader.forwarded();
    if (classic) {
      agree(said, new ForwardedReader(this, values, new TreeMap<>()).xForwarded());
    }
    return said;
  }

  /** A proxy sets the one and passes on the other, which is the client's: nobody knows which. */
  private static void agree(ForwardedOrigin one, ForwardedOrigin other) {
    if (!Objects.equals(one.address(), other.address())
        || !Objects.equals(one.scheme(), other.scheme())
        || !Objects.equals(one.host(), other.host())) {
      throw new IllegalArgumentException(
          "Forwarded and X-Forwarded-* do not agree. Have the proxy remove those that it does not"
              + " set, or choose those that it sets with forwarded-headers.");
    }
  }

  /** The index of the client in a chain that is not empty. */
  int client(List<ForwardedNode> chain) {
    int index = chain.size() - 1;
    for (int passed = 1; index > 0 && passed < hops && isProxy(chain.get(index)); passed++) {
      index--;
    }
    return index;
  }

  private boolean isProxy(ForwardedNode node) {
    return everybody || node.isUnix() || (node.address() != null && trusts(node.address()));
  }
}
