package dev.gangway.server;

import dev.gangway.servlet.RequestNotes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a container knows about a request that is over. */
public interface LoggedRequest {

  /**
   * The client's address.
   *
   * @return the number, or null if it has none
   */
  @Nullable String remoteAddress();

  /**
   * Whom the container has authenticated.
   *
   * @return the name, or null
   */
  @Nullable String remoteUser();

  /**
   * The method.
   *
   * @return as sent, or null if the request could not be read
   */
  @Nullable String method();

  /**
   * The raw path.
   *
   * @return as sent, or null if the request could not be read
   */
  @Nullable String path();

  /**
   * The raw query.
   *
   * @return as sent, or null if there is none
   */
  @Nullable String query();

  /**
   * The protocol.
   *
   * @return such as {@code HTTP/1.1}
   */
  @Nullable String protocol();

  /**
   * The status of the response.
   *
   * @return three digits
   */
  int status();

  /**
   * The size of the response's body.
   *
   * @return number of bytes that were sent
   */
  long bytes();

  /**
   * When the request was received.
   *
   * @return the time of its head
   */
  Instant received();

  /**
   * How long it took from then to the end.
   *
   * @return nanoseconds
   */
  long nanos();

  /**
   * A header of the request.
   *
   * @param name in any case
   * @return its values, joined by commas; null if there is none
   */
  @Nullable String header(String name);

  /**
   * A header of the response.
   *
   * @param name in any case
   * @return its values, joined by commas; null if there is none
   */
  @Nullable String responseHeader(String name);

  /**
   * What the application told.
   *
   * @return the request's attribute {@link RequestNotes#KEY}, or null
   */
  @Nullable Object notes();
}
