package dev.gangway.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the Servlet API has no word for and one container can do. Found by {@link
 * java.util.ServiceLoader}; bridge-jetty and bridge-tomcat each bring one. Safe for many threads.
 */
public interface ContainerSupport {

  /**
   * Whether this support knows the container of the request.
   *
   * @param request as the servlet received it, perhaps wrapped
   * @return true if {@link #abort} works for it
   */
  boolean supports(HttpServletRequest request);

  /**
   * Breaks the response off, so that the client can tell that it is not complete: closes the
   * connection, or resets the stream in HTTP/2. May be called by any thread.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it
   * @param cause what failed
   */
  void abort(HttpServletRequest request, HttpServletResponse response, Throwable cause);

  /**
   * Whether {@link #abort} of an asynchronous request, called by a thread of no container, ends
   * with a call of its listeners' {@code onError}. Until then such a request must not be completed.
   *
   * @param request as the servlet received it
   * @return false if the request is to be completed after {@link #abort}
   */
  default boolean reportsAborts(HttpServletRequest request) {
    return false;
  }

  /**
   * Has a Content-Type sent as it was written, where the container would send another spelling of
   * it.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it, not committed, with the type set
   * @param type the value to send
   */
  default void contentType(HttpServletRequest request, HttpServletResponse response, String type) {}

  /**
   * Answers {@code Expect: 100-continue}, where a container does not when a body is read without
   * blocking.
   *
   * @param request as the servlet received it, with that header, its body unread
   */
  default void sendContinue(HttpServletRequest request) {}

  /**
   * Has a body of unknown length sent so that the client can tell its end from a broken connection,
   * where the container would let the body end with the connection.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it, not committed, with no length set
   */
  default void delimit(HttpServletRequest request, HttpServletResponse response) {}

  /**
   * Completes an asynchronous request whose response is written, on a thread that may be used for
   * what follows, as long as that does not block.
   *
   * @param async to be completed
   */
  default void complete(AsyncContext async) {
    async.complete();
  }

  /**
   * The connection on which a request of HTTP/1 came, to be looked at, neither read from nor
   * written to. May be called by any thread, and when the request is over: what it returns or
   * throws then does not matter.
   *
   * @param request as the servlet received it
   * @return the connection, or null if there is none or it is not known
   */
  default @Nullable SocketChannel connection(HttpServletRequest request) {
    return null;
  }

  /**
   * Whether {@link #sendFile} may work.
   *
   * @return false if it never does
   */
  default boolean sendsFiles() {
    return false;
  }

  /**
   * Sends bytes of a file straight to the connection, without blocking, where the container cannot
   * be asked to do so.
   *
   * @param request as the servlet received it, asynchronous, not to HEAD
   * @param response as the servlet received it; what was written to it has been flushed, and it is
   *     ready
   * @param file open for reading
   * @param position of the first byte
   * @param count how many bytes of the response's body are left, all of the file
   * @return how many bytes were sent, perhaps 0 while the connection takes none; -1 if the bytes
   *     have to be written to the response
   * @throws IOException if the client has left, or the file cannot be read
   */
  default long sendFile(
      HttpServletRequest request,
      HttpServletResponse response,
      FileChannel file,
      long position,
      long count)
      throws IOException {
    return -1;
  }

  /**
   * The version of TLS, where the container does not put it into an attribute.
   *
   * @param request as the servlet received it, a secure one
   * @return such as {@code TLSv1.3}, or null if it is not known
   */
  default @Nullable String tlsProtocol(HttpServletRequest request) {
    return null;
  }

  /**
   * Whether {@link #sendEarlyHints} works.
   *
   * @param request as the servlet received it
   * @return false if the container or the protocol has no early hints
   */
  default boolean hasEarlyHints(HttpServletRequest request) {
    return false;
  }

  /**
   * Sends a response with the status 103 before the one to come (RFC 8297). May be called by any
   * thread, while nothing else is done with the response.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it, not committed
   * @param links values of {@code Link} headers
   * @return completes when the response may be begun; fails if the client has left
   */
  default CompletionStage<Void> sendEarlyHints(
      HttpServletRequest request, HttpServletResponse response, List<String> links) {
    throw new UnsupportedOperationException("This container has no early hints");
  }
}
