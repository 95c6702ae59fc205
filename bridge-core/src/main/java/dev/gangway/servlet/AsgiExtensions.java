package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.ResponseHead;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of ASGI that one request has: files always, trailers and early hints where the
 * protocol has them and the response is not in the hands of a thread that waits. For the
 * application's calls.
 */
final class AsgiExtensions {

  static final String PATHSEND = "http.response.pathsend";
  static final String TRAILERS = "http.response.trailers";

  static final String EARLY_HINT = "http.response.early_hint";

  private static final Set<String> FILES = Set.of(PATHSEND);
  private static final Set<String> AND_TRAILERS = Set.of(PATHSEND, TRAILERS);
  private static final Set<String> AND_HINTS = Set.of(PATHSEND, TRAILERS, EARLY_HINT);

  private final @Nullable HttpServletRequest request;
  private final @Nullable HttpServletResponse response;
  private final Set<String> names;
  private final boolean http1;
  private @Nullable Map<String, String> trailers;

  /**
   * The extensions of a request.
   *
   * @param environ of the request
   * @param waiting whether a thread waits for the response, and sends it
   */
  AsgiExtensions(Environ environ, boolean waiting) {
    String protocol = environ.string("SERVER_PROTOCOL");
    http1 = protocol == null || protocol.startsWith("HTTP/1");
    if (!waiting
        && environ.get("jakarta.servlet.request") instanceof HttpServletRequest servletRequest
        && environ.get("jakarta.servlet.response") instanceof HttpServletResponse servletResponse) {
      request = servletRequest;
      response = servletResponse;
      if ("HTTP/1.0".equals(protocol)) {
        names = FILES;
      } else {
        names = Containers.hasEarlyHints(request) ? AND_HINTS : AND_TRAILERS;
      }
    } else {
      request = null;
      response = null;
      names = FILES;
    }
  }

  /**
   * The names, for the scope.
   *
   * @return immutable
   */
  Set<String> names() {
    return names;
  }

  /**
   * Whether the connection is the client's alone, until it is closed.
   *
   * @return false in HTTP/2 and later
   */
  boolean isHttp1() {
    return http1;
  }

  /**
   * Checks that a response may have trailers.
   *
   * @param measured whether it has a Content-Length
   * @throws IllegalStateException if there is no place for them
   */
  void checkTrailers(boolean measured) {
    if (!names().contains(TRAILERS)) {
      throw new IllegalStateException(
          "The application promises trailers, which this response cannot have: look for "
              + TRAILERS
              + " in the scope's extensions");
    }
    if (measured && http1) {
      throw new IllegalStateException(
          "A response with trailers cannot have a Content-Length in HTTP/1.1, leave it out");
    }
  }

  /** Has the container ask for the trailers at the response's end; before the head leaves. */
  void promiseTrailers() {
    Map<String, String> fields = new LinkedHashMap<>();
    trailers = fields;
    if (response != null) {
      response.setTrailerFields(() -> fields);
    }
  }

  /**
   * Adds trailers.
   *
   * @param headers well-formed; the values of one name are joined with commas
   */
  void addTrailers(List<Header> headers) {
    Map<String, String> fields = trailers;
    if (fields != null) {
      for (Header header : headers) {
        fields.merge(
            header.name().toLowerCase(Locale.ROOT),
            header.value(),
            (before, next) -> before + ", " + next);
      }
    }
  }

  /**
   * Sends early hints.
   *
   * @param links values of Link headers
   * @return completes when the next event may be sent; fails if the client has left
   * @throws IllegalStateException if there is no way to
   */
  CompletionStage<Void> hint(List<String> links) {
    if (request == null || response == null || !names().contains(EARLY_HINT)) {
      throw new IllegalStateException(
          "This server cannot send early hints: look for "
              + EARLY_HINT
              + " in the scope's extensions");
    }
    for (String link : links) {
      ResponseHead.checkHeader(new Header("link", link));
    }
    return Containers.sendEarlyHints(request, response, links);
  }
}
