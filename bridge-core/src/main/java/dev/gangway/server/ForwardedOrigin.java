package dev.gangway.server;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is believed about the client of one request; null or 0 for what nobody says. Immutable.
 *
 * @param address of the client, a number without brackets
 * @param port of the client
 * @param scheme {@code http} or {@code https}
 * @param host that the client asked for, with brackets if it is IPv6, without a port
 * @param serverPort that the client asked for, or 0 for the scheme's own
 * @param prefix of the path, which the proxy took off: {@code /shop} or {@code /a%20b/c},
 *     undecoded, without a slash at its end
 * @param headers to change before the application sees them, by name: the values that are left,
 *     none to remove the header
 */
public record ForwardedOrigin(
    @Nullable String address,
    int port,
    @Nullable String scheme,
    @Nullable String host,
    int serverPort,
    @Nullable String prefix,
    Map<String, List<String>> headers) {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

  /** Letters as in RFC 3986's segments, without those that split paths or lists of prefixes. */
  private static final Pattern PREFIX =
      Pattern.compile("(/([A-Za-z0-9._~!$&'()*+=:@-]|%[0-9A-Fa-f]{2})+)+/?");

  /** A slash, a backslash, a dot or a control character that hides behind an escape. */
  private static final Pattern HIDDEN = Pattern.compile("%(2[FfEe]|5[Cc]|[01].|7[Ff])");

  private static final Pattern DOTS = Pattern.compile("/\\.\\.?(/|$)");

  /**
   * The {@code Host} header that the client would have sent to this server.
   *
   * @param current the header as it came, or null
   * @param scheme of the request, after what the proxy says about it
   * @return the header without the scheme's own port, or null to leave it as it came
   */
  public @Nullable String hostHeader(@Nullable String current, String scheme) {
    if (host == null && serverPort == 0) {
      return null;
    }
    String name = host;
    if (name == null) {
      if (current == null) {
        return null;
      }
      name = portOf(current) < 0 ? current : current.substring(0, current.lastIndexOf(':'));
    }
    boolean own = serverPort == 0 || serverPort == portOfScheme(scheme);
    return own ? name : name + ":" + serverPort;
  }

  /**
   * The port of a scheme.
   *
   * @param scheme {@code http} or {@code https}
   * @return 80 or 443
   */
  public static int portOfScheme(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /**
   * The port in a {@code Host} header.
   *
   * @param host the header
   * @return the port, 0 for a malformed one, -1 for none
   */
  public static int portOf(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? ForwardedNode.port(host.substring(colon + 1)) : -1;
  }

  static ForwardedOrigin unknown(Map<String, List<String>> headers) {
    return new ForwardedOrigin(null, 0, null, null, 0, null, headers);
  }

  static @Nullable String schemeOf(@Nullable String proto) {
    return proto == null
        ? null
        : switch (proto.toLowerCase(Locale.ROOT)) {
          case "https", "wss" -> "https";
          case "http", "ws" -> "http";
          default -> null;
        };
  }

  /** The authority if it is one; what is no host name never gets into a URL. */
  static @Nullable String authorityOf(@Nullable String host) {
    if (host == null) {
      return null;
    }
    int port = portOf(host);
    String name = port < 0 ? host : host.substring(0, host.lastIndexOf(':'));
    return port != 0 && HOST.matcher(name).matches() ? host : null;
  }

  /** The prefix if its syntax leaves no doubt; {@code ""} for a slash alone. */
  static @Nullable String prefixOf(@Nullable String prefix) {
    if (prefix == null || prefix.equals("/")) {
      return prefix == null ? null : "";
    }
    if (!PREFIX.matcher(prefix).matches()
        || HIDDEN.matcher(prefix).find()
        || DOTS.matcher(prefix).find()) {
      return null;
    }
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }
}
