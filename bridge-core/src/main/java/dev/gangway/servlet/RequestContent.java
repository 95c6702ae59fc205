package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request. Touches the container's stream as late as possible, because that is what
 * answers {@code Expect: 100-continue}. Not safe for many threads.
 */
final class RequestContent {

  private final HttpServletRequest request;
  private byte @Nullable [] rebuilt;
  private boolean checked;
  private boolean broken;

  RequestContent(HttpServletRequest request) {
    this.request = request;
  }

  /**
   * The number of bytes.
   *
   * @return the number, or -1 for a chunked body and for none
   */
  long length() {
    byte[] form = rebuilt();
    return form == null ? request.getContentLengthLong() : form.length;
  }

  /**
   * Whether there is a body, perhaps an empty one.
   *
   * @return false if there is nothing to read
   */
  boolean isPresent() {
    if (length() > 0) {
      return true;
    }
    boolean framedByHeaders = request.getProtocol().startsWith("HTTP/1");
    return request.getContentLengthLong() < 0
        && (!framedByHeaders || request.getHeader("Transfer-Encoding") != null);
  }

  /**
   * The body, if a filter before us asked for a parameter, and the container read it for that.
   *
   * @return the body made again of the parameters, or null if it can still be read
   */
  byte @Nullable [] rebuilt() {
    if (!checked) {
      checked = true;
      if (isForm() && request.getContentLengthLong() != 0 && FormBody.isConsumed(request)) {
        rebuilt = FormBody.of(request);
      }
    }
    return rebuilt;
  }

  /**
   * Whether reading the body failed.
   *
   * @return true if it cannot be had as a whole
   */
  boolean isBroken() {
    return broken;
  }

  private boolean isForm() {
    String type = request.getContentType();
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
  }

  /**
   * The body.
   *
   * @return a stream that opens the container's when it is first read, and throws if the body is
   *     cut short
   */
  InputStream stream() {
    byte[] form = rebuilt();
    return form == null ? new Checked() : new ByteArrayInputStream(form);
  }

  /** Never takes a body that ends early for a complete one. */
  private final class Checked extends InputStream {

    private final long expected = request.getContentLengthLong();
    private long received;
    private @Nullable InputStream stream;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int read;
      try {
        read = stream().read(bytes, offset, length);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
      if (read >= 0) {
        received += read;
      } else if (received < expected) {
        broken = true;
        throw new EOFException(
            "The request's body ends after "
                + received
                + " of "
                + expected
                + " bytes: the client cut it short, or a filter in front has read it");
      }
      return read;
    }

    @Override
    public int available() throws IOException {
      return stream == null ? 0 : stream.available();
    }

    private InputStream stream() throws IOException {
      if (stream == null) {
        try {
          stream = request.getInputStream();
        } catch (IllegalStateException e) {
          throw new IOException(
              "A filter in front reads the request's body through getReader()", e);
        }
      }
      return stream;
    }
  }
}
