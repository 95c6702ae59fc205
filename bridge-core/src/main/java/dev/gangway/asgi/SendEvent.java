package dev.gangway.asgi;

import dev.gangway.Header;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application sends. Buffers must not be changed until the send has completed; their
 * position does not move.
 */
public sealed interface SendEvent {

  /**
   * Status and headers; they go out with the first body event.
   *
   * @param status three digits
   * @param headers names and values, bytes as unicode
   * @param trailers whether {@link HttpResponseTrailers} follows the last body event
   */
  record HttpResponseStart(int status, List<Header> headers, boolean trailers)
      implements SendEvent {

    /**
     * A head without trailers to come.
     *
     * @param status three digits
     * @param headers names and values, bytes as unicode
     */
    public HttpResponseStart(int status, List<Header> headers) {
      this(status, headers, false);
    }
  }

  /**
   * A part of the response's body, which goes out at once.
   *
   * @param body the part, perhaps empty
   * @param moreBody whether another part follows
   */
  record HttpResponseBody(ByteBuffer body, boolean moreBody) implements SendEvent {

    /**
     * The last part, of text.
     *
     * @param text sent as UTF-8
     * @return the event
     */
    public static HttpResponseBody last(String text) {
      return new HttpResponseBody(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), false);
    }
  }

  /**
   * A file as the whole body (extension {@code http.response.pathsend}).
   *
   * @param path absolute, readable by the server
   */
  record HttpResponsePathsend(Path path) implements SendEvent {}

  /**
   * Fields after the body (extension {@code http.response.trailers}).
   *
   * @param headers names and values, bytes as unicode
   * @param moreTrailers whether others follow
   */
  record HttpResponseTrailers(List<Header> headers, boolean moreTrailers) implements SendEvent {}

  /**
   * What the client may load already (extension {@code http.response.early_hint}, RFC 8297).
   *
   * @param links values of {@code Link} headers, bytes as unicode
   */
  record HttpResponseEarlyHint(List<String> links) implements SendEvent {}

  /**
   * Accepts the WebSocket.
   *
   * @param subprotocol one of those that were offered, or null
   * @param headers to be added to the handshake's response
   */
  record WebSocketAccept(@Nullable String subprotocol, List<Header> headers) implements SendEvent {}

  /**
   * A message. One of both must be there.
   *
   * @param bytes of a binary message, or null
   * @param text of a text message, or null
   */
  record WebSocketSend(@Nullable ByteBuffer bytes, @Nullable String text) implements SendEvent {}

  /**
   * Closes the WebSocket; before it is accepted, denies it with 403.
   *
   * @param code of the close frame, such as 1000
   * @param reason of the close frame, at most 123 bytes in UTF-8, perhaps empty
   */
  record WebSocketClose(int code, String reason) implements SendEvent {}

  /**
   * Denies the WebSocket with a response of one's own (extension {@code websocket.http.response}).
   *
   * @param status three digits
   * @param headers names and values, bytes as unicode
   */
  record WebSocketHttpResponseStart(int status, List<Header> headers) implements SendEvent {}

  /**
   * A part of the body of the denial.
   *
   * @param body the part, perhaps empty
   * @param moreBody whether another part follows
   */
  record WebSocketHttpResponseBody(ByteBuffer body, boolean moreBody) implements SendEvent {}

  /** The application is ready (ASGI Lifespan 2.0). */
  record LifespanStartupComplete() implements SendEvent {}

  /**
   * The application cannot serve.
   *
   * @param message why, perhaps empty
   */
  record LifespanStartupFailed(String message) implements SendEvent {}

  /** The application has cleaned up. */
  record LifespanShutdownComplete() implements SendEvent {}

  /**
   * The application could not clean up.
   *
   * @param message why, perhaps empty
   */
  record LifespanShutdownFailed(String message) implements SendEvent {}
}
