package dev.gangway.asgi;

import dev.gangway.Header;
import java.util.List;

/**
 * A failure that whoever hosts an application has logged, and that is answered with a status of its
 * own when the head is not out yet; a WebSocket that is open is closed with 1011.
 */
public final class AsgiFailure extends Exception {

  private static final long serialVersionUID = 1;

  private final int status;

  @SuppressWarnings("serial") // the list of List.copyOf is
  private final List<Header> headers;

  /**
   * A failure.
   *
   * @param status of the error response, such as 502
   * @param headers of the error response
   * @param message what failed; the client does not see it
   */
  public AsgiFailure(int status, List<Header> headers, String message) {
    super(message, null, false, false);
    this.status = status;
    this.headers = List.copyOf(headers);
  }

  /**
   * The status of the error response.
   *
   * @return three digits
   */
  public int status() {
    return status;
  }

  /**
   * The headers of the error response.
   *
   * @return not to be changed
   */
  public List<Header> headers() {
    return headers;
  }
}
