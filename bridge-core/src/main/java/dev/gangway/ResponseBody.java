package dev.gangway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * The body of a response: chunks, and {@code close()} (PEP 3333, "Specification Details"). The
 * server iterates at most once and closes exactly once. A {@linkplain #size() known number} of
 * chunks is sent in as few writes as possible; of an unknown number, each is flushed before the
 * next is asked for. An iterator reports failures of I/O as {@link java.io.UncheckedIOException}.
 */
public interface ResponseBody extends Iterable<byte[]>, AutoCloseable {

  /**
   * The number of chunks.
   *
   * @return the number, or -1 when it is not known before the last one
   */
  default int size() {
    return -1;
  }

  /** Releases what the body holds. Called exactly once, by the server. */
  @Override
  default void close() throws IOException {}

  /**
   * A body of chunks that are at hand.
   *
   * @param chunks not changed any more by the caller
   * @return the body
   */
  static ResponseBody of(byte[]... chunks) {
    return of(Arrays.asList(chunks));
  }

  /**
   * A body of one chunk in UTF-8.
   *
   * @param text the text
   * @return the body
   */
  static ResponseBody of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A body without a byte.
   *
   * @return the body
   */
  static ResponseBody empty() {
    return of(Collections.emptyList());
  }

  /**
   * A body of chunks that are at hand.
   *
   * @param chunks not changed any more by the caller
   * @return the body, of known size
   */
  static ResponseBody of(List<byte[]> chunks) {
    return new ResponseBody() {
      @Override
      public int size() {
        return chunks.size();
      }

      @Override
      public Iterator<byte[]> iterator() {
        return chunks.iterator();
      }
    };
  }

  /**
   * A body of chunks that are made one after the other.
   *
   * @param chunks iterated over once; closed with the body if it is {@link AutoCloseable}
   * @return the body, of unknown size
   */
  static ResponseBody lazy(Iterable<byte[]> chunks) {
    return new LazyBody(chunks);
  }
}
