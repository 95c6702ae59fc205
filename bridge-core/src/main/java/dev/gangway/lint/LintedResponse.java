package dev.gangway.lint;

import dev.gangway.BodyWriter;
import dev.gangway.Header;
import dev.gangway.ResponseHead;
import dev.gangway.StartResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of {@code start_response} and {@code write()}, and the count of the body's bytes. */
final class LintedResponse implements StartResponse {

  private final StartResponse server;
  private final boolean toHead;
  private @Nullable ResponseHead head;
  private boolean headLeft;
  private boolean returned;
  private long bytes;

  LintedResponse(StartResponse server, boolean toHead) {
    this.server = server;
    this.toHead = toHead;
  }

  @Override
  public BodyWriter start(String status, List<Header> headers, @Nullable Throwable excInfo)
      throws Exception {
    if (head != null && excInfo == null) {
      throw Rule.STARTED_ONCE.broken("It was called again with " + status + ".");
    }
    ResponseHead next = check(status, headers);
    boolean late = headLeft;
    BodyWriter writer = server.start(status, headers, excInfo);
    if (late) {
      throw Rule.RERAISE.broken("It returned.");
    }
    if (writer == null) {
      throw Rule.WRITER.broken("It returned null.");
    }
    head = next;
    return chunk -> write(writer, chunk);
  }

  private static ResponseHead check(String status, List<Header> headers) {
    try {
      ResponseHead.checkStatus(status);
    } catch (IllegalArgumentException e) {
      throw Rule.STATUS.broken(e.getMessage() + ".");
    }
    for (Header header : headers) {
      if (header != null && header.name() != null && ResponseHead.isHopByHop(header.name())) {
        throw Rule.HOP_BY_HOP.broken(header.name() + " is set.");
      }
    }
    try {
      return ResponseHead.of(status, headers);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw Rule.HEADERS.broken(e.getMessage() + ".");
    }
  }

  private void write(BodyWriter writer, byte[] chunk) throws IOException {
    if (returned) {
      throw Rule.WRITE.broken("It was called later.");
    }
    count(chunk);
    writer.write(chunk);
  }

  void applicationReturned() {
    returned = true;
  }

  /** Checks a chunk before the server gets it. */
  void count(byte @Nullable [] chunk) {
    if (chunk == null) {
      throw Rule.CHUNKS.broken("One is.");
    }
    if (chunk.length == 0) {
      return;
    }
    if (head == null) {
      throw Rule.STARTED.broken("There is a chunk before it was called.");
    }
    if (toHead || !head.allowsBody()) {
      throw Rule.NO_BODY.broken("There are " + chunk.length + " bytes.");
    }
    headLeft = true;
    bytes += chunk.length;
    if (head.contentLength() >= 0 && bytes > head.contentLength()) {
      throw Rule.LENGTH.broken(
          "It is " + head.contentLength() + ", and there are at least " + bytes + " bytes.");
    }
  }

  /** Checks what can be told at the end of the body. */
  void bodyEnded() {
    if (head == null) {
      throw Rule.STARTED.broken("It was not called.");
    }
    if (!toHead && head.allowsBody() && bytes < head.contentLength()) {
      throw Rule.LENGTH.broken(
          "It is " + head.contentLength() + ", and there are " + bytes + " bytes.");
    }
  }
}
