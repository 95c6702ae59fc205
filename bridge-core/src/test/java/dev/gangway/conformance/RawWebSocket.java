package dev.gangway.conformance;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A WebSocket client that sends what it is told to, right or wrong, and reads when it is told. */
public final class RawWebSocket implements AutoCloseable {

  static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** What the server sends. */
  public static final class Frame {

    private final boolean last;
    private final boolean compressed;
    private final int opcode;
    private final byte[] payload;

    Frame(boolean last, boolean compressed, int opcode, byte[] payload) {
      this.last = last;
      this.compressed = compressed;
      this.opcode = opcode;
      this.payload = payload;
    }

    public boolean isCompressed() {
      return compressed;
    }

    public int opcode() {
      return opcode;
    }

    public byte[] payload() {
      return payload;
    }

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Of a close frame; 1005 if it has none. */
    public int code() {
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    /** Of a close frame. */
    public String reason() {
      return payload.length < 2
          ? ""
          : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final List<String> head = new ArrayList<>();

  private RawWebSocket(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** The lines of a handshake without those that are named in the given ones. */
  static String handshake(String target, String... fields) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
    for (String field : fields) {
      String name = field.substring(0, field.indexOf(':') + 1);
      lines.removeIf(line -> line.startsWith(name));
      if (!field.endsWith(":")) {
        lines.add(field);
      }
    }
    return "GET " + target + " HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** Opens a WebSocket, or fails with the status line that was received instead. */
  static RawWebSocket open(int port, String target, String... fields) throws IOException {
    return open(port, 0, target, fields);
  }

  /** Opens a WebSocket whose kernel takes few bytes. */
  static RawWebSocket open(int port, int receiveBuffer, String target, String... fields)
      throws IOException {
    RawWebSocket client = new RawWebSocket(port, receiveBuffer);
    client.write(handshake(target, fields).getBytes(StandardCharsets.ISO_8859_1));
    for (String line = client.line(); !line.isEmpty(); line = client.line()) {
      client.head.add(line);
    }
    if (!client.head.get(0).startsWith("HTTP/1.1 101")) {
      client.close();
      throw new IOException(client.head.get(0));
    }
    return client;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("Only this came: " + head + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** The values of a header of the handshake's response. */
  List<String> headers(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return head.stream()
        .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(field -> field.substring(prefix.length()).trim())
        .toList();
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void text(String text) throws IOException {
    send(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  void binary(byte[] bytes) throws IOException {
    send(true, BINARY, bytes);
  }

  void close(int code, String reason) throws IOException {
    byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
    send(
        true,
        CLOSE,
        ByteBuffer.allocate(2 + bytes.length).putShort((short) code).put(bytes).array());
  }

  void send(boolean last, int opcode, byte[] payload) throws IOException {
    write(frame(last, opcode, payload));
  }

  /** A frame with a mask of zeros. */
  static byte[] frame(boolean last, int opcode, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write((last ? 0x80 : 0) | opcode);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length < 0x10000) {
      frame.write(0x80 | 126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      frame.write(0x80 | 127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  Frame read() throws IOException {
    return read(in);
  }

  /** Reads a frame of a server from the bytes of a connection. */
  public static Frame read(DataInputStream in) throws IOException {
    int first = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame((first & 0x80) != 0, (first & 0x40) != 0, first & 0xF, payload);
  }

  /** Joins the frames of a message. */
  byte[] readMessage() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    Frame frame;
    do {
      frame = read();
      message.writeBytes(frame.payload);
    } while (!frame.last);
    return message.toByteArray();
  }

  /** Whether the server has closed the connection; waits for it. */
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Closes with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  void timeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
