package dev.gangway.exchange;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Looks at connections from which nobody reads at the moment, and takes nothing from them: what a
 * client sends ahead stays where the server finds it. A look costs a few microseconds; a probe
 * holds a few descriptors, so it is closed after some looks. For one thread at a time.
 *
 * <p>Being readable without anything to read is the end of what the client sends. An error is
 * pending where a connected channel could be connected, as {@link SelectionKey#OP_CONNECT} has it:
 * the connection was reset, or, of a Unix domain socket, closed by the client altogether.
 */
public final class ClientProbe implements AutoCloseable {

  private static final Logger LOGGER = System.getLogger("dev.gangway.exchange");

  private static final int LOOKED_FOR = SelectionKey.OP_READ | SelectionKey.OP_CONNECT;

  /** What a look shows, from the least to the most. */
  public enum State {
    /** Nothing, or bytes that are still to be read; what comes after them cannot be seen. */
    OPEN,
    /**
     * The client sends nothing more. It has left, most likely; or it has closed its sending side
     * only, and waits for the response, as TCP permits.
     */
    CLOSED,
    /** The client has left: nothing more can be written to it. */
    RESET
  }

  private final Selector selector;

  /**
   * A probe.
   *
   * @throws IOException if there are no descriptors for it
   */
  public ClientProbe() throws IOException {
    selector = Selector.open();
  }

  /**
   * Looks at a connection.
   *
   * @param connection connected, and in non-blocking mode
   * @return what it shows; OPEN also where it cannot be looked at
   */
  public State look(SocketChannel connection) {
    try {
      int ready = ready(connection);
      if ((ready & SelectionKey.OP_CONNECT) != 0) {
        return State.RESET;
      }
      return (ready & SelectionKey.OP_READ) != 0 && hasNothingToRead(connection)
          ? State.CLOSED
          : State.OPEN;
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.DEBUG, "A connection cannot be looked at, perhaps it is closed", e);
      return State.OPEN;
    }
  }

  private int ready(SocketChannel connection) throws IOException {
    SelectionKey key = connection.register(selector, LOOKED_FOR);
    try {
      selector.selectNow();
      return key.readyOps();
    } finally {
      // Until a cancelled key is taken out, its channel would not be closed when it is closed.
      key.cancel();
      selector.selectNow();
    }
  }

  /** A Unix domain socket does not tell how much there is to read. */
  private static boolean hasNothingToRead(SocketChannel connection) throws IOException {
    return connection.getLocalAddress() instanceof java.net.InetSocketAddress
        && connection.socket().getInputStream().available() == 0;
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
