package dev.gangway.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that sends the bytes it is given, and tells how a response ended. */
public final class RawHttp implements AutoCloseable {

  /** How the connection was when the response ended. */
  public enum Ending {
    /** The response is whole, by its length or its last chunk. */
    WHOLE,
    /** The body ended with the connection, as it does without a length. */
    CLOSED,
    /** The connection was closed before the response was whole. */
    CUT,
    /** The connection was reset before the response was whole. */
    RESET
  }

  /**
   * A response.
   *
   * @param status the three digits, 0 if there was no head
   * @param fields the header lines, in order
   * @param text the body without its chunks' frames, as latin-1
   * @param ending how it ended
   */
  public record Response(int status, List<String> fields, String text, Ending ending) {

    /** The values of a header, in order. */
    public List<String> headers(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return fields.stream()
          .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(field -> field.substring(prefix.length()).trim())
          .toList();
    }

    /** The only value of a header, or null. */
    public String header(String name) {
      List<String> values = headers(name);
      return values.isEmpty() ? null : values.get(0);
    }

    /** Whether a client can take the response for complete. */
    public boolean isComplete() {
      return ending == Ending.WHOLE || ending == Ending.CLOSED;
    }
  }

  private final Socket socket;
  private final InputStream in;

  private RawHttp(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Opens a connection. */
  public static RawHttp connect(int port) throws IOException {
    return connect(port, 0);
  }

  /** Opens a connection whose kernel takes few bytes, or with 0 as many as it likes. */
  public static RawHttp connect(int port, int receiveBuffer) throws IOException {
    return new RawHttp(port, receiveBuffer);
  }

  /** Sends one request over a connection of its own and reads the response. */
  public static Response exchange(int port, String request) throws IOException {
    try (RawHttp http = connect(port)) {
      http.send(request);
      return request.startsWith("HEAD ") ? http.readHead() : http.read();
    }
  }

  /** Sends characters as latin-1. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Ends what this side sends, and goes on reading. */
  public void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads a response to a request other than HEAD. */
  public Response read() throws IOException {
    return read(true);
  }

  /** Reads a response to HEAD. */
  public Response readHead() throws IOException {
    return read(false);
  }

  /** Reads one byte: -1 at the end, -2 after a reset. */
  public int readByte() throws IOException {
    try {
      return in.read();
    } catch (SocketException e) {
      return -2;
    }
  }

  /** Waits for a byte of the response, which is still to be read. */
  public void peek() throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      throw new EOFException();
    }
    in.reset();
  }

  /** What comes after the response that was read last, as after an upgrade. */
  public InputStream rest() {
    return in;
  }

  private Response read(boolean mayHaveBody) throws IOException {
    int status = 0;
    List<String> fields = new ArrayList<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      status = Integer.parseInt(line().split(" ", 3)[1]);
      for (String field = line(); !field.isEmpty(); field = line()) {
        fields.add(field);
      }
      Response head = new Response(status, fields, "", Ending.WHOLE);
      Ending ending = Ending.WHOLE;
      if (mayHaveBody && status >= 200 && status != 204 && status != 304) {
        ending = readBody(head, body);
      }
      return new Response(status, fields, body.toString(StandardCharsets.ISO_8859_1), ending);
    } catch (EOFException e) {
      return new Response(status, fields, body.toString(StandardCharsets.ISO_8859_1), Ending.CUT);
    } catch (SocketException e) {
      return new Response(status, fields, body.toString(StandardCharsets.ISO_8859_1), Ending.RESET);
    }
  }

  private Ending readBody(Response head, ByteArrayOutputStream body) throws IOException {
    if ("chunked".equals(head.header("Transfer-Encoding"))) {
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        copy(size, body);
        line();
      }
      line();
      return Ending.WHOLE;
    }
    if (head.header("Content-Length") != null) {
      copy(Long.parseLong(head.header("Content-Length")), body);
      return Ending.WHOLE;
    }
    in.transferTo(body);
    return Ending.CLOSED;
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].trim(), 16);
  }

  private void copy(long count, ByteArrayOutputStream body) throws IOException {
    byte[] buffer = new byte[8192];
    for (long left = count; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException();
      }
      body.write(buffer, 0, read);
      left -= read;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
