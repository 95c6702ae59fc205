package dev.gangway.jetty;

import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.Connection;

/**
 * Has a connection of HTTP/2 forget the stream of a WebSocket (RFC 8441) that is over. Jetty 12.1
 * keeps it as long as the connection lasts (its issue 15657), and a server that stops would wait
 * for it. Only touched where HTTP/2 is.
 */
final class Http2Tunnels implements Connection.Listener {

  @Override
  public void onClosed(Connection connection) {
    if (connection.getEndPoint().getTransport() instanceof HTTP2Stream stream) {
      drain(stream);
      stream.getSession().removeStream(stream);
    }
  }

  /** What nobody reads any more would count against the window of the whole connection. */
  private static void drain(HTTP2Stream stream) {
    boolean more = true;
    while (more) {
      Stream.Data data = stream.readData();
      more = data != null && !data.frame().isEndStream();
      if (data != null) {
        data.release();
      }
    }
  }
}
