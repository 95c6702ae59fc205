package dev.gangway.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.Request;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;

/**
 * Matches paths that are not UTF-8, with replacement characters, instead of refusing them. The
 * application gets the path's own bytes.
 */
final class LenientAdapter extends CoyoteAdapter {

  LenientAdapter(Connector connector) {
    super(connector);
  }

  @Override
  protected void convertURI(MessageBytes uri, Request request) throws IOException {
    ByteChunk bytes = uri.getByteChunk();
    if (isAscii(bytes)) {
      super.convertURI(uri, request);
      return;
    }
    // Charset.decode replaces what is malformed.
    CharBuffer path =
        StandardCharsets.UTF_8.decode(
            ByteBuffer.wrap(bytes.getBuffer(), bytes.getStart(), bytes.getLength()));
    uri.setChars(path.array(), path.arrayOffset() + path.position(), path.remaining());
  }

  private static boolean isAscii(ByteChunk bytes) {
    byte[] buffer = bytes.getBuffer();
    for (int i = bytes.getStart(); i < bytes.getEnd(); i++) {
      if (buffer[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
