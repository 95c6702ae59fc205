package dev.gangway.servlet;

import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and values of the environ's {@code HTTP_} keys. */
final class RequestHeaders {

  /** Keys of the names that most requests have, as HTTP/1.1 and HTTP/2 clients write them. */
  private static final Map<String, String> KNOWN = known();

  private RequestHeaders() {}

  private static Map<String, String> known() {
    Map<String, String> keys = new HashMap<>();
    for (String name :
        List.of(
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Authorization",
            "Cache-Control",
            "Connection",
            "Cookie",
            "Host",
            "If-Modified-Since",
            "If-None-Match",
            "Origin",
            "Referer",
            "Sec-Fetch-Dest",
            "Sec-Fetch-Mode",
            "Sec-Fetch-Site",
            "Sec-Fetch-User",
            "Upgrade-Insecure-Requests",
            "User-Agent",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Request-ID")) {
      String key = "HTTP_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
      keys.put(name, key);
      keys.put(name.toLowerCase(Locale.ROOT), key);
    }
    return keys;
  }

  /**
   * The key of a header.
   *
   * @param name as sent
   * @return the key, or null if the header does not become one: the content's type and length have
   *     keys of their own, a name with an underscore could pass for another header, and {@code
   *     Proxy} would be taken for a variable of the process (CVE-2016-5387, "httpoxy")
   */
  static @Nullable String key(String name) {
    String known = KNOWN.get(name);
    return known == null ? make(name) : known;
  }

  private static @Nullable String make(String name) {
    char[] key = new char[name.length() + 5];
    "HTTP_".getChars(0, 5, key, 0);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        return null;
      }
      if (c == '-') {
        c = '_';
      } else if (c >= 'a' && c <= 'z') {
        c = (char) (c - 'a' + 'A');
      }
      key[i + 5] = c;
    }
    String result = new String(key);
    return switch (result) {
      case "HTTP_PROXY", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH" -> null;
      default -> result;
    };
  }

  /**
   * The header of a key.
   *
   * @param key beginning with {@code HTTP_}
   * @return the only name that a header with this key can have, in upper case, or null
   */
  static @Nullable String name(String key) {
    String name = key.substring(5).replace('_', '-');
    return name.isEmpty() || !key.equals(key(name)) ? null : name;
  }

  /**
   * The value of a key.
   *
   * @param values of the header
   * @param key of the header
   * @return the values joined
   */
  static String value(Enumeration<String> values, String key) {
    String first = values.hasMoreElements() ? Latin1.of(values.nextElement()) : "";
    if (!values.hasMoreElements()) {
      return first;
    }
    String separator = key.equals("HTTP_COOKIE") ? "; " : ",";
    StringBuilder joined = new StringBuilder(first);
    while (values.hasMoreElements()) {
      joined.append(separator).append(Latin1.of(values.nextElement()));
    }
    return joined.toString();
  }

  /**
   * The last of a header's values.
   *
   * @param values perhaps none
   * @return the last, or null
   */
  static @Nullable String last(Enumeration<String> values) {
    String last = null;
    while (values.hasMoreElements()) {
      last = Latin1.of(values.nextElement());
    }
    return last;
  }
}
