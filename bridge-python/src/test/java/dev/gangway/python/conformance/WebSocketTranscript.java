package dev.gangway.python.conformance;

import dev.gangway.conformance.RawWebSocket;
import dev.gangway.conformance.RawWebSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a server sends over a WebSocket until it closes it.
 *
 * @param messages the data of its messages, as latin-1
 * @param kinds whether they are text or binary, a letter for each
 * @param close code and reason of its close frame, or how the connection ended without one
 */
record WebSocketTranscript(String messages, String kinds, String close) {

  static WebSocketTranscript read(InputStream connection) throws IOException {
    DataInputStream in = new DataInputStream(connection);
    StringBuilder kinds = new StringBuilder();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    try {
      while (true) {
        Frame frame = RawWebSocket.read(in);
        if (frame.opcode() == RawWebSocket.CLOSE) {
          return new WebSocketTranscript(
              messages.toString(StandardCharsets.ISO_8859_1),
              kinds.toString(),
              frame.code() + " " + frame.reason());
        }
        kinds.append(frame.opcode() == RawWebSocket.TEXT ? 't' : 'b');
        messages.writeBytes(frame.isCompressed() ? inflated(frame.payload()) : frame.payload());
      }
    } catch (EOFException | SocketException e) {
      return new WebSocketTranscript(
          messages.toString(StandardCharsets.ISO_8859_1), kinds.toString(), "none");
    }
  }

  /** RFC 7692, section 7.2.2. */
  private static byte[] inflated(byte[] payload) throws IOException {
    Inflater inflater = new Inflater(true);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    try {
      for (byte[] input : new byte[][] {payload, {0, 0, -1, -1}}) {
        inflater.setInput(input);
        while (!inflater.needsInput()) {
          message.write(part, 0, inflater.inflate(part));
        }
      }
    } catch (DataFormatException e) {
      throw new IOException(e);
    } finally {
      inflater.end();
    }
    return message.toByteArray();
  }
}
