package dev.gangway.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A response that can always be written to, and that counts what it is given. No wrapper: the
 * bridge has a longer way for those. For one request after the other.
 */
public final class FixedResponse implements HttpServletResponse {

  private final Stream stream = new Stream();
  private @Nullable String contentType;
  private int status = 200;
  private int headers;
  private boolean committed;
  private boolean hasLength;

  private final class Stream extends ServletOutputStream {

    private long bytes;

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      try {
        listener.onWritePossible();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void write(int oneByte) {
      committed = true;
      bytes++;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      committed = true;
      bytes += length;
    }

    @Override
    public void flush() {
      committed = true;
    }
  }

  /** A response that nobody has begun. */
  public FixedResponse() {}

  /** How many bytes its body has had in all requests. */
  long bytes() {
    return stream.bytes;
  }

  /** How many headers it has been given in all requests. */
  int headers() {
    return headers;
  }

  /** For the next request. */
  void recycle() {
    committed = false;
    contentType = null;
    hasLength = false;
    status = 200;
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return stream;
  }

  @Override
  public void setStatus(int code) {
    status = code;
  }

  @Override
  public int getStatus() {
    return status;
  }

  @Override
  public void setHeader(String name, String value) {
    headers++;
  }

  @Override
  public void addHeader(String name, String value) {
    headers++;
  }

  @Override
  public void setContentType(@Nullable String type) {
    headers++;
    contentType = type;
  }

  @Override
  public @Nullable String getContentType() {
    return contentType;
  }

  @Override
  public void setContentLengthLong(long length) {
    headers++;
    hasLength = true;
  }

  @Override
  public void setContentLength(int length) {
    setContentLengthLong(length);
  }

  @Override
  public boolean containsHeader(String name) {
    return name.equals("Content-Length") && hasLength;
  }

  @Override
  public boolean isCommitted() {
    return committed;
  }

  @Override
  public void flushBuffer() {
    committed = true;
  }

  // What the bridge does not need.

  @Override
  public void addCookie(Cookie cookie) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String encodeURL(String url) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String encodeRedirectURL(String url) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendError(int code, String message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendError(int code) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendRedirect(String location, int code, boolean clearBuffer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setDateHeader(String name, long date) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addDateHeader(String name, long date) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setIntHeader(String name, int value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addIntHeader(String name, int value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable String getHeader(String name) {
    return null;
  }

  @Override
  public Collection<String> getHeaders(String name) {
    return List.of();
  }

  @Override
  public Collection<String> getHeaderNames() {
    return List.of();
  }

  @Override
  public String getCharacterEncoding() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setCharacterEncoding(String charset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PrintWriter getWriter() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setBufferSize(int size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int getBufferSize() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resetBuffer() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reset() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setLocale(Locale locale) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Locale getLocale() {
    throw new UnsupportedOperationException();
  }
}
