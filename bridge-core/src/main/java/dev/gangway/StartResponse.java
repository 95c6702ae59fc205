package dev.gangway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins the response (PEP 3333, "The start_response() Callable"). Not safe for many threads. */
@FunctionalInterface
public interface StartResponse {

  /**
   * Sets status and headers. They go out with the first non-empty chunk of the body, or at its end;
   * until then a second call with {@code excInfo} replaces what an earlier one set.
   *
   * @param status three digits, a space and a reason, such as {@code "404 Not Found"}
   * @param headers in the order to be sent; repeated names stay separate
   * @param excInfo the failure that this call reports, or null
   * @return the imperative way to write the body, for applications that cannot return one
   * @throws IllegalArgumentException if status or headers are malformed, or a header is hop-by-hop
   * @throws IllegalStateException if called again without {@code excInfo}
   * @throws Exception {@code excInfo} itself, if the head is out already
   */
  BodyWriter start(String status, List<Header> headers, @Nullable Throwable excInfo)
      throws Exception;

  /**
   * Sets status and headers, as {@link #start(String, List, Throwable)} without a failure.
   *
   * @param status three digits, a space and a reason
   * @param headers in the order to be sent
   * @return the imperative way to write the body
   * @throws Exception as the other method does
   */
  default BodyWriter start(String status, List<Header> headers) throws Exception {
    return start(status, headers, null);
  }
}
