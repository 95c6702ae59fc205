package dev.gangway.servlet;

import dev.gangway.FileBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;

/**
 * The container's output, held to the declared length. For one thread; only {@link #clientLeft} may
 * be asked by others.
 */
final class BodyOutput {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private final HttpServletRequest request;
  private final HttpServletResponse response;

  /** Number of bytes that may be sent; without a declared length, as many as there are. */
  private long left = Long.MAX_VALUE;

  private boolean limited;
  private boolean discarding;
  private boolean exceeded;
  private boolean sentByContainer;
  private volatile boolean clientLeft;

  BodyOutput(HttpServletRequest request, HttpServletResponse response) {
    this.request = request;
    this.response = response;
  }

  /**
   * Holds what follows to a length.
   *
   * @param length number of bytes, or -1 if it is not declared
   */
  void limit(long length) {
    limited = length >= 0;
    left = limited ? length : Long.MAX_VALUE;
  }

  /** Sends nothing of what follows. */
  void discard() {
    discarding = true;
  }

  /**
   * Whether the rest of the body would not be sent.
   *
   * @return true if there is no sense in asking for it
   */
  boolean isDeaf() {
    return discarding || exceeded;
  }

  /**
   * Whether writing failed, because the client has left.
   *
   * @return true from then on
   */
  boolean clientLeft() {
    return clientLeft;
  }

  void write(byte[] chunk) throws IOException {
    int length = (int) allowed(chunk.length);
    if (length > 0) {
      try {
        response.getOutputStream().write(chunk, 0, length);
      } catch (IOException e) {
        throw left(e);
      }
    }
  }

  void write(FileChannel channel, FileBody file, boolean first) throws IOException {
    long length = allowed(file.count());
    if (length == 0) {
      return;
    }
    if (first && FileSender.sendfile(request, response, file, length)) {
      sentByContainer = true;
      return;
    }
    FileSender.copy(channel, file, length, this);
  }

  /** How much of the next bytes may be sent; counts them as sent. */
  private long allowed(long count) {
    if (isDeaf()) {
      return 0;
    }
    long allowed = Math.min(count, left);
    left -= allowed;
    if (allowed < count) {
      exceeded = true;
      LOGGER.log(
          Level.WARNING,
          "The body of "
              + Requests.describe(request)
              + " is longer than its Content-Length, the rest is cut off");
    }
    return allowed;
  }

  /** Writes a part of a file, which is counted already. */
  void writeCounted(byte[] bytes, int length) throws IOException {
    try {
      response.getOutputStream().write(bytes, 0, length);
    } catch (IOException e) {
      throw left(e);
    }
  }

  void flush() throws IOException {
    if (!discarding) {
      try {
        response.flushBuffer();
      } catch (IOException e) {
        throw left(e);
      }
    }
  }

  /**
   * Ends the body.
   *
   * @throws EOFException if it is shorter than declared
   * @throws IOException if the client has left
   */
  void end() throws IOException {
    if (limited && left > 0 && !discarding) {
      throw new EOFException("The body is " + left + " bytes shorter than its Content-Length");
    }
    if (sentByContainer || request.getDispatcherType() == DispatcherType.INCLUDE) {
      return;
    }
    try {
      response.getOutputStream().close();
    } catch (IOException e) {
      throw left(e);
    }
  }

  private IOException left(IOException e) {
    clientLeft = true;
    return e;
  }
}
