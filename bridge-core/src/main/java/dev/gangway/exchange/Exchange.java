package dev.gangway.exchange;

import dev.gangway.Environ;
import dev.gangway.Header;
import java.nio.file.Path;
import java.util.List;

/**
 * One request and its response, for an application that answers from another thread or process.
 *
 * <pre>
 *   handle(exchange) ─ environ() ─ [receive(...)] ─ start(...) ─ write(...)* ─ complete()
 *                                        │               └──────────┴── fail(...) at any time
 * </pre>
 *
 * <p>Threading: {@link #environ()} belongs to the thread that calls {@link
 * ExchangeApplication#handle} until that returns. Everything else may be called by any thread, one
 * call at a time. No method blocks.
 */
public interface Exchange extends ProbedClient {

  /**
   * The request.
   *
   * @return the environ without {@code wsgi.input}, {@code wsgi.errors} and {@code
   *     wsgi.file_wrapper}
   */
  Environ environ();

  /**
   * Whether the request has a body, perhaps an empty one.
   *
   * @return false if there is nothing to receive
   */
  boolean hasBody();

  /**
   * Begins to receive the body. At most once. The first call also answers {@code Expect:
   * 100-continue}.
   *
   * @param receiver called by one thread at a time, perhaps before this returns
   */
  void receive(BodyReceiver receiver);

  /** Goes on after {@link BodyReceiver#onData} returned false. */
  void resume();

  /**
   * Sets status and headers; they go out with the first byte of the body or at the end.
   *
   * @param status the three digits
   * @param reason the reason phrase; many protocols do not transmit it
   * @param headers checked by the caller
   */
  void start(int status, String reason, List<Header> headers);

  /**
   * Sends a part of the body after those before it, and flushes it.
   *
   * @param bytes copied as far as needed before this returns
   * @param offset of the first byte
   * @param length number of bytes
   * @param written told when the part has left, or that it cannot
   */
  void write(byte[] bytes, int offset, int length, Written written);

  /**
   * Sends the last part of the body and completes the exchange: the shortest way for a response
   * that is at hand as a whole.
   *
   * @param bytes copied as far as needed before this returns
   * @param offset of the first byte
   * @param length number of bytes, perhaps 0
   */
  void complete(byte[] bytes, int offset, int length);

  /**
   * Sends a part of a file as the whole body and completes the exchange.
   *
   * @param file readable until {@code written} is told
   * @param offset of the first byte
   * @param count number of bytes
   * @param written told when the file is not needed any more
   */
  void complete(Path file, long offset, long count, Written written);

  /**
   * Ends the exchange with a failure: an error response if the head is not out yet, otherwise the
   * connection is broken.
   *
   * @param status of the error response, such as 502
   * @param headers of the error response
   * @param cause logged by the caller, not shown to the client
   */
  void fail(int status, List<Header> headers, Throwable cause);

  /**
   * Asks to be told when the client leaves before the exchange is complete. At most once. It may be
   * seen before the container notices it, so the exchange is to be ended as any other; what is
   * written then goes nowhere.
   *
   * @param listener called at most once, by any thread; at once if the client has left already
   */
  void onDisconnect(Runnable listener);

  /**
   * Whether the client is known to have left, or has closed its side of the connection. Looks at
   * the connection, which an exchange does not do by itself: for one that takes long, now and then.
   * A client that has closed its side may have closed only that, after a complete request, and wait
   * for the response; the exchange goes on, and {@link #onDisconnect} is not told. That the client
   * has left for certain, {@code onDisconnect} is told as well.
   *
   * @param probe to look with
   * @return true from then on; false also where nothing can be seen
   */
  @Override
  default boolean isClientGone(ClientProbe probe) {
    return false;
  }
}
