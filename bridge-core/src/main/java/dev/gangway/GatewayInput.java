package dev.gangway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * {@code wsgi.input}: an input stream with the lines of PEP 3333 ("Input and Error Streams"). The
 * end of the request's body is the end of the stream. Not safe for many threads.
 */
public final class GatewayInput extends FilterInputStream implements Iterable<byte[]> {

  /**
   * An input over a stream.
   *
   * @param body ends where the request's body ends, and throws if the client cut it short
   */
  public GatewayInput(InputStream body) {
    super(new BufferedInputStream(body));
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
   * @param limit the most bytes to return, more than 0
   * @return the bytes, or null at the end
   * @throws IOException if the body cannot be read or is cut short
   */
  public byte @Nullable [] readLine(int limit) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = 0;
    while (line.size() < limit && next != '\n') {
      next = read();
      if (next < 0) {
        break;
      }
      line.write(next);
    }
    return line.size() == 0 ? null : line.toByteArray();
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
