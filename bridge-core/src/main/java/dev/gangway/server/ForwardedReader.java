package dev.gangway.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of a trusted peer. What it believes it leaves in the headers, and nothing else:
 * an application that takes the first address of X-Forwarded-For gets the client's.
 */
final class ForwardedReader {

  static final String FORWARDED = "Forwarded";
  private static final String FOR = "X-Forwarded-For";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HOST = "X-Forwarded-Host";
  private static final String PORT = "X-Forwarded-Port";
  private static final String PREFIX = "X-Forwarded-Prefix";

  /** Those that are read. */
  static final List<String> HEADERS = List.of(FORWARDED, FOR, PROTO, HOST, PORT, PREFIX);

  private final ForwardedHeaders policy;
  private final Function<String, List<String>> values;
  private final Map<String, List<String>> changed;

  ForwardedReader(
      ForwardedHeaders policy,
      Function<String, List<String>> values,
      Map<String, List<String>> changed) {
    this.policy = policy;
    this.values = values;
    this.changed = changed;
  }

  ForwardedOrigin nothing() {
    return ForwardedOrigin.unknown(changed);
  }

  /** The proxy that is nearest to the client tells its scheme and host; others if it does not. */
  ForwardedOrigin forwarded() {
    List<ForwardedElement> elements = ForwardedElement.parse(values.apply(FORWARDED));
    if (elements.isEmpty()) {
      return nothing();
    }
    List<ForwardedNode> chain = new ArrayList<>();
    for (ForwardedElement element : elements) {
      chain.add(ForwardedNode.parse(element.parameters().getOrDefault("for", "unknown")));
    }
    int client = policy.client(chain);
    List<ForwardedElement> believed = elements.subList(client, elements.size());
    keep(FORWARDED, String.join(", ", believed.stream().map(ForwardedElement::text).toList()));
    return origin(
        chain.get(client),
        ForwardedOrigin.schemeOf(first(believed, "proto")),
        ForwardedOrigin.authorityOf(first(believed, "host")),
        0,
        null);
  }

  private static @Nullable String first(List<ForwardedElement> elements, String parameter) {
    for (ForwardedElement element : elements) {
      String value = element.parameters().get(parameter);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  ForwardedOrigin xForwarded() {
    List<String> addresses = list(FOR);
    List<ForwardedNode> chain = addresses.stream().map(ForwardedNode::parse).toList();
    int client = chain.isEmpty() ? 0 : policy.client(chain);
    keep(FOR, String.join(", ", addresses.subList(client, addresses.size())));
    String scheme = ForwardedOrigin.schemeOf(one(PROTO, chain.size(), client));
    keep(PROTO, scheme);
    String authority = ForwardedOrigin.authorityOf(one(HOST, chain.size(), client));
    keep(HOST, authority);
    String digits = one(PORT, chain.size(), client);
    int port = digits == null ? 0 : ForwardedNode.port(digits);
    keep(PORT, port == 0 ? null : digits);
    String prefix = ForwardedOrigin.prefixOf(one(PREFIX, chain.size(), client));
    keep(PREFIX, prefix);
    return origin(chain.isEmpty() ? null : chain.get(client), scheme, authority, port, prefix);
  }

  private ForwardedOrigin origin(
      @Nullable ForwardedNode client,
      @Nullable String scheme,
      @Nullable String authority,
      int port,
      @Nullable String prefix) {
    int ownPort = -1;
    String host = authority;
    if (authority != null && ForwardedOrigin.portOf(authority) > 0) {
      ownPort = ForwardedOrigin.portOf(authority);
      host = authority.substring(0, authority.lastIndexOf(':'));
    }
    return new ForwardedOrigin(
        client == null ? null : client.address(),
        client == null ? 0 : client.port(),
        scheme,
        host,
        ownPort < 0 ? port : ownPort,
        prefix == null || prefix.isEmpty() ? null : prefix,
        changed);
  }

  private void keep(String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      changed.put(name, List.of(value));
    }
  }

  /**
   * The value that belongs to the client's address if the proxies have kept both lists, otherwise
   * the last, which is the nearest proxy's.
   */
  private @Nullable String one(String name, int chain, int client) {
    List<String> all = list(name);
    if (all.isEmpty()) {
      return null;
    }
    return all.get(all.size() == chain ? client : all.size() - 1);
  }

  private List<String> list(String name) {
    List<String> parts = new ArrayList<>();
    for (String value : values.apply(name)) {
      for (String part : value.split(",", -1)) {
        if (!part.isBlank()) {
          parts.add(part.strip());
        }
      }
    }
    return parts;
  }
}
