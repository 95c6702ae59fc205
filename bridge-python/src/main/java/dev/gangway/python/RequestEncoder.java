package dev.gangway.python;

import dev.gangway.Environ;
import dev.gangway.servlet.RequestNotes;
import dev.gangway.servlet.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes an environ as SCGI does: names and values in latin-1, each ended by NUL but the last;
 * before them their length. Only strings are written. Until there is a {@link Call}, it answers for
 * the request. Not safe for many threads.
 */
final class RequestEncoder implements RequestNotes.Source {

  /** What an environ cannot be handed to a worker for. */
  static final class Unencodable extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Unencodable(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private static final int LENGTH = 4;

  /** Where the application finds the request's id. */
  static final String REQUEST_ID = "gangway.request_id";

  private final int limit;
  private byte[] bytes;
  private int size = LENGTH;
  private boolean nul;
  private int all;
  private String method = "";
  private String target = "";
  private @Nullable String traceparent;
  private @Nullable String givenId;
  private String id = "";
  private @Nullable RequestNotes notes;
  private boolean whole;

  /**
   * An encoder.
   *
   * @param limit the most bytes that the result may have
   */
  RequestEncoder(int limit) {
    this.limit = limit;
    this.bytes = new byte[Math.min(limit, 2048)];
  }

  /**
   * Writes the environ, and the request's id.
   *
   * @throws Unencodable if a value holds NUL, or the environ is too large
   */
  void write(Environ environ, RequestIds ids) throws Unencodable {
    environ.forEach(
        (name, value) -> {
          if (value instanceof String string) {
            put(name);
            put(string);
            if (name.equals("REQUEST_METHOD")) {
              method = string;
            } else if (name.equals("REQUEST_URI")) {
              target = string;
            } else if (name.equals("HTTP_TRACEPARENT")) {
              traceparent = string;
            } else if (name.equals("HTTP_X_REQUEST_ID")) {
              givenId = string;
            }
          }
        });
    id = ids.of(traceparent, givenId);
    notes = RequestNotes.of(environ);
    if (notes != null) {
      notes.source(this);
    }
    put(REQUEST_ID);
    put(id);
    if (nul) {
      // NUL separates the fields: a value that holds one could pose as other fields.
      throw new Unencodable(400, "A value of the request holds the character NUL");
    }
    if (all > 0xFF) {
      // Cut to a byte, such a character could become NUL.
      throw new Unencodable(
          500, "A string in the environ is not latin-1, as PEP 3333 wants strings to be");
    }
    if (size > limit) {
      throw new Unencodable(
          431, "The request's head has " + size + " bytes, and a slot holds " + limit);
    }
    int length = Math.max(0, size - LENGTH - 1);
    size = LENGTH + length;
    for (int i = 0; i < LENGTH; i++) {
      bytes[i] = (byte) (length >>> (8 * i));
    }
    whole = true;
  }

  @SuppressWarnings("deprecation") // the fast way for latin-1: each character is one byte
  private void put(String text) {
    int length = text.length();
    int end = size + length + 1;
    if (end <= limit) {
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(end, 2 * bytes.length)));
      }
      text.getBytes(0, length, bytes, size);
      bytes[end - 1] = 0;
      nul |= text.indexOf('\0') >= 0;
      for (int i = 0; i < length; i++) {
        all |= text.charAt(i);
      }
    }
    size = end < 0 ? Integer.MAX_VALUE : end;
  }

  /** Method and target, for the log. */
  String describe() {
    return method + " " + target;
  }

  String method() {
    return method;
  }

  /** The raw request target. */
  String target() {
    return target;
  }

  /** Set by {@link #write}, also when that throws. */
  @Override
  public String requestId() {
    return id;
  }

  @Override
  public long workerPid() {
    return -1;
  }

  @Override
  public long queueNanos() {
    return -1;
  }

  @Override
  public @Nullable String variable(String name) {
    return whole ? value(name) : null;
  }

  /** Where to tell the access log of the request, or null. */
  @Nullable RequestNotes notes() {
    return notes;
  }

  /** The request's trace, or null. */
  @Nullable String traceId() {
    return TraceContext.traceId(traceparent);
  }

  /** A value of the encoded environ, or null if it has none of that name. */
  @Nullable String value(String name) {
    String[] fields =
        new String(bytes, LENGTH, size - LENGTH, StandardCharsets.ISO_8859_1).split("\0", -1);
    for (int i = 0; i + 1 < fields.length; i += 2) {
      if (fields[i].equals(name)) {
        return fields[i + 1];
      }
    }
    return null;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }
}
