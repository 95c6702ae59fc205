package dev.gangway.servlet;

import dev.gangway.BodyWriter;
import dev.gangway.FileBody;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.ResponseHead;
import dev.gangway.StartResponse;
import dev.gangway.servlet.ResponseState.Event;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A response that is sent by the thread that makes it. */
final class BlockingResponse implements StartResponse {

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Set<Integer> passedOn;
  private final BodyOutput output;
  private final boolean toHead;

  private ResponseState state = ResponseState.NEW;
  private @Nullable ResponseHead head;
  private boolean passOn;

  /**
   * A response that has not begun.
   *
   * @param request answered
   * @param response not committed
   * @param output of the response
   * @param passedOn statuses with which nothing is sent
   */
  BlockingResponse(
      HttpServletRequest request,
      HttpServletResponse response,
      BodyOutput output,
      Set<Integer> passedOn) {
    this.request = request;
    this.response = response;
    this.passedOn = passedOn;
    this.output = output;
    this.toHead = request.getMethod().equals("HEAD");
  }

  @Override
  public BodyWriter start(String status, List<Header> headers, @Nullable Throwable excInfo)
      throws Exception {
    if (excInfo != null && !state.allows(Event.RESTART)) {
      if (excInfo instanceof Error error) {
        throw error;
      }
      throw excInfo instanceof Exception exception ? exception : new IOException(excInfo);
    }
    ResponseState next = state.after(excInfo == null ? Event.START : Event.RESTART);
    head = ResponseHead.of(status, headers);
    state = next;
    return this::write;
  }

  private void write(byte[] chunk) throws IOException {
    if (chunk.length > 0) {
      begin(-1);
      output.write(chunk);
      output.flush();
    }
  }

  /**
   * Sends a body, to its end.
   *
   * @param body iterated over, not closed
   * @throws IOException if the client has left
   */
  void send(ResponseBody body) throws IOException {
    if (body instanceof FileBody file) {
      boolean first = state != ResponseState.SENDING;
      if (file.count() > 0) {
        try (FileChannel channel = FileSender.open(file)) {
          begin(file.count());
          output.write(channel, file, first);
        }
      }
    } else {
      sendChunks(body);
    }
    end();
  }

  private void sendChunks(ResponseBody body) throws IOException {
    int size = body.size();
    for (byte[] chunk : body) {
      if (chunk == null) {
        throw new IllegalStateException("The application's body has a chunk that is null");
      }
      if (chunk.length > 0) {
        begin(size == 1 ? chunk.length : -1);
        output.write(chunk);
        if (output.isDeaf()) {
          return; // The rest may be endless.
        }
        if (size < 0) {
          output.flush();
        }
      }
    }
  }

  /** Lets the head leave before the first byte of the body. */
  private void begin(long wholeLength) {
    ResponseState next = state.after(Event.BYTES);
    if (state == ResponseState.READY) {
      sendHead(wholeLength);
    }
    state = next;
  }

  private void end() throws IOException {
    ResponseState next = state.after(Event.END);
    if (state == ResponseState.READY) {
      sendHead(toHead ? -1 : 0);
      state = ResponseState.SENDING; // So that a failure from here on breaks the connection.
    }
    if (!passOn) {
      output.end();
    }
    state = next;
  }

  private void sendHead(long wholeLength) {
    ResponseHead ready = Objects.requireNonNull(head, "a READY response has a head");
    if (passedOn.contains(ready.status())) {
      passOn = true;
      output.discard();
      return;
    }
    HeadWriter.apply(request, response, ready.status(), ready.headers());
    long length = ready.contentLength();
    if (length < 0 && wholeLength >= 0 && ready.allowsBody()) {
      length = wholeLength;
      response.setContentLengthLong(length);
    }
    if (toHead || !ready.allowsBody()) {
      output.discard();
    } else {
      if (length < 0) {
        Containers.delimit(request, response);
      }
      output.limit(length);
    }
  }

  /**
   * Whether the answer is to be passed on.
   *
   * @return true if the status is such, and nothing has been written
   */
  boolean isPassedOn() {
    return passOn;
  }

  /**
   * Takes note of a failure.
   *
   * @return the state after it: whether an error page is to be sent, the connection to be broken,
   *     or neither, because the response is complete
   */
  ResponseState fail() {
    if (state.allows(Event.FAILURE)) {
      state = state.after(Event.FAILURE);
    }
    return state;
  }
}
