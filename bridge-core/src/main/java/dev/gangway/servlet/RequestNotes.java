package dev.gangway.servlet;

import dev.gangway.Environ;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What an application that hands its requests on tells the access log about one of them. It is an
 * attribute of the request and a value of the environ, both under {@link #KEY}, and only there when
 * somebody wants it. Safe for many threads.
 */
public final class RequestNotes {

  /** The name of the attribute and the key of the environ. */
  public static final String KEY = "gangway.request_notes";

  /** Asked when the request is over. */
  public interface Source {

    /**
     * The request's id, as it is in the log.
     *
     * @return well-formed, see {@link TraceContext#requestId}
     */
    String requestId();

    /**
     * The process that answered.
     *
     * @return its process id, or -1 if none did
     */
    long workerPid();

    /**
     * How long the complete request waited for that process.
     *
     * @return nanoseconds, or -1 if none took it
     */
    long queueNanos();

    /**
     * A variable of the environ that the application was given.
     *
     * @param name the key
     * @return its value, or null
     */
    @Nullable String variable(String name);
  }

  private volatile @Nullable Source source;

  private RequestNotes() {}

  static void attach(HttpServletRequest request, Environ environ) {
    RequestNotes notes = new RequestNotes();
    request.setAttribute(KEY, notes);
    environ.put(KEY, notes);
  }

  /**
   * The notes that somebody wants.
   *
   * @param environ of the request
   * @return where to tell, or null if nobody asks
   */
  public static @Nullable RequestNotes of(Environ environ) {
    return environ.peek(KEY) instanceof RequestNotes notes ? notes : null;
  }

  /**
   * Tells whom to ask.
   *
   * @param told answers until the request is over and logged
   */
  public void source(Source told) {
    source = told;
  }

  /**
   * Whom to ask.
   *
   * @return null if the request was not handed on
   */
  public @Nullable Source source() {
    return source;
  }
}
