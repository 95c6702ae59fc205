package dev.gangway;

import java.io.IOException;
import java.util.Iterator;

/** A body over any iterable. */
final class LazyBody implements ResponseBody {

  private final Iterable<byte[]> chunks;

  LazyBody(Iterable<byte[]> chunks) {
    this.chunks = chunks;
  }

  @Override
  public Iterator<byte[]> iterator() {
    return chunks.iterator();
  }

  @Override
  public void close() throws IOException {
    if (chunks instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("Closing the response body failed", e);
      }
    }
  }
}
