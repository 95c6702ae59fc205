package dev.gangway.lint;

import dev.gangway.ResponseBody;
import java.io.IOException;
import java.util.Iterator;

/** The rules of the body, for the application that made it and the server that takes it. */
final class LintedBody implements ResponseBody {

  private final ResponseBody body;
  private final LintedResponse response;
  private final Runnable closing;
  private boolean iterated;
  private boolean closed;

  LintedBody(ResponseBody body, LintedResponse response, Runnable closing) {
    this.body = body;
    this.response = response;
    this.closing = closing;
  }

  @Override
  public int size() {
    checkOpen();
    return body.size();
  }

  @Override
  public Iterator<byte[]> iterator() {
    checkOpen();
    if (iterated) {
      throw Rule.ITERATED_ONCE.broken("A second iterator was asked for.");
    }
    iterated = true;
    int size = body.size();
    Iterator<byte[]> chunks = body.iterator();
    return new Iterator<>() {
      private int count;

      @Override
      public boolean hasNext() {
        checkOpen();
        if (chunks.hasNext()) {
          return true;
        }
        if (size >= 0 && count != size) {
          throw Rule.SIZE.broken("It is " + size + ", and there are " + count + ".");
        }
        response.bodyEnded();
        return false;
      }

      @Override
      public byte[] next() {
        checkOpen();
        byte[] chunk = chunks.next();
        count++;
        response.count(chunk);
        return chunk;
      }
    };
  }

  private void checkOpen() {
    if (closed) {
      throw Rule.SILENT_AFTER_CLOSE.broken("It is closed.");
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      throw Rule.CLOSED_ONCE.broken("It was closed again.");
    }
    closed = true;
    closing.run();
    body.close();
  }
}
