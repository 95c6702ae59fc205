package dev.gangway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * {@code wsgi.input}: an input stream with the lines of PEP 3333 ("Input and Error Streams"). The
 * end of the request's body is the end of the stream. Reads ahead. Not safe for many threads.
 */
public final class GatewayInput extends InputStream implements Iterable<byte[]> {

  private static final int BUFFER_SIZE = 8 * 1024;

  private final InputStream body;
  private byte[] buffer = {};
  private int position;
  private int limit;

  /**
   * An input over a stream.
   *
   * @param body ends where the request's body ends, and throws if the client cut it short
   */
  public GatewayInput(InputStream body) {
    this.body = body;
  }

  @Override
  public int read() throws IOException {
    return position < limit || fill() ? buffer[position++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (position == limit) {
      if (length >= BUFFER_SIZE) {
        return body.read(bytes, offset, length);
      }
      if (length > 0 && !fill()) {
        return -1;
      }
    }
    int read = Math.min(length, limit - position);
    System.arraycopy(buffer, position, bytes, offset, read);
    position += read;
    return read;
  }

  @Override
  public int available() throws IOException {
    return limit - position + body.available();
  }

  @Override
  public void close() throws IOException {
    body.close();
  }

  private boolean fill() throws IOException {
    if (buffer.length == 0) {
      buffer = new byte[BUFFER_SIZE];
    }
    position = 0;
    limit = Math.max(0, body.read(buffer));
    return limit > 0;
  }

  /**
   * The next line, with its line feed.
   *
   * @return the line, or null at the end
   * @throws IOException if the body cannot be read or is cut short
   */
  public byte @Nullable [] readLine() throws IOException {
    return readLine(Integer.MAX_VALUE);
  }

  /**
   * The next line with its line feed, or its beginning.
   *
   * @param most the most bytes to return, more than 0
   * @return the bytes, or null at the end
   * @throws IOException if the body cannot be read or is cut short
   */
  public byte @Nullable [] readLine(int most) throws IOException {
    if (most <= 0) {
      throw new IllegalArgumentException("A line of at most " + most + " bytes is no line");
    }
    if (position == limit && !fill()) {
      return null;
    }
    int end = endOfLine(most);
    if (end - position == most || buffer[end - 1] == '\n') {
      byte[] line = Arrays.copyOfRange(buffer, position, end);
      position = end;
      return line;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean complete = false;
    while (!complete) {
      line.write(buffer, position, end - position);
      complete = buffer[end - 1] == '\n' || line.size() == most;
      position = end;
      if (!complete) {
        complete = position == limit && !fill();
        end = endOfLine(most - line.size());
      }
    }
    return line.toByteArray();
  }

  /** Where the buffered part of the line ends, just after its line feed if that is there. */
  private int endOfLine(int most) {
    int last = (int) Math.min(limit, (long) position + most);
    for (int i = position; i < last; i++) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return last;
  }

  /**
   * Lines until at least {@code hint} bytes are read.
   *
   * @param hint the number of bytes, or 0 for all lines
   * @return the lines
   * @throws IOException if the body cannot be read or is cut short
   */
  public List<byte[]> readLines(long hint) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    long size = 0;
    for (byte[] line = readLine(); line != null; line = readLine()) {
      lines.add(line);
      size += line.length;
      if (hint > 0 && size >= hint) {
        break;
      }
    }
    return lines;
  }

  /**
   * Iterates over the lines; failures are thrown as {@link UncheckedIOException}.
   *
   * @return an iterator over what is left
   */
  @Override
  public Iterator<byte[]> iterator() {
    return new Iterator<>() {
      private byte @Nullable [] line;

      @Override
      public boolean hasNext() {
        if (line == null) {
          try {
            line = readLine();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        return line != null;
      }

      @Override
      public byte[] next() {
        if (!hasNext() || line == null) {
          throw new NoSuchElementException();
        }
        byte[] result = line;
        line = null;
        return result;
      }
    };
  }
}
