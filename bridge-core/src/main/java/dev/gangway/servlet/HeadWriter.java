package dev.gangway.servlet;

import dev.gangway.Header;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Gives status and headers to the container. */
final class HeadWriter {

  /** Headers that a container or a filter may have set already, and that must not be repeated. */
  private static final Set<String> SINGLE =
      names(
          "age",
          "cache-control",
          "content-disposition",
          "content-encoding",
          "content-location",
          "content-range",
          "date",
          "etag",
          "expires",
          "last-modified",
          "location",
          "referrer-policy",
          "retry-after",
          "server",
          "strict-transport-security",
          "x-content-type-options",
          "x-frame-options");

  private HeadWriter() {}

  /** A set that takes names in any case. */
  private static Set<String> names(String... names) {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Collections.addAll(set, names);
    return set;
  }

  /**
   * Sets status and headers; the application's win over what is set already, if they cannot stand
   * beside it.
   *
   * @param request answered
   * @param response not committed
   * @param status the three digits
   * @param headers well-formed, in the order to be sent
   */
  static void apply(
      HttpServletRequest request, HttpServletResponse response, int status, List<Header> headers) {
    response.setStatus(status);
    Set<String> replaced = null;
    for (Header header : headers) {
      String name = header.name();
      if (name.equalsIgnoreCase("Content-Type")) {
        setContentType(request, response, header.value());
      } else if (name.equalsIgnoreCase("Content-Length")) {
        if (status >= 200 && status != 204) {
          response.setContentLengthLong(Long.parseLong(header.value()));
        }
      } else if (name.equalsIgnoreCase("Set-Cookie") || !SINGLE.contains(name)) {
        response.addHeader(name, header.value());
      } else {
        if (replaced == null) {
          replaced = names();
        }
        if (replaced.add(name)) {
          response.setHeader(name, header.value());
        } else {
          response.addHeader(name, header.value());
        }
      }
    }
  }

  /** Containers write a type with a charset in their own way, and Jetty adds charsets. */
  private static void setContentType(
      HttpServletRequest request, HttpServletResponse response, String type) {
    response.setContentType(type);
    String set = response.getContentType();
    if (type.equals(set)) {
      return;
    }
    if (set != null && set.length() > type.length() && !hasCharset(type) && hasCharset(set)) {
      response.setCharacterEncoding(null);
      set = response.getContentType();
    }
    // What a wrapper of a filter has changed on purpose stays changed.
    boolean wrapped = response instanceof HttpServletResponseWrapper;
    if (!type.equals(set)
        && (!wrapped || (set != null && canonical(set).equals(canonical(type))))) {
      Containers.contentType(request, response, type);
    }
  }

  private static String canonical(String type) {
    return type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "");
  }

  private static boolean hasCharset(String type) {
    return type.toLowerCase(Locale.ROOT).contains("charset=");
  }
}
