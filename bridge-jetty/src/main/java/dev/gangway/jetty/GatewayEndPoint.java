package dev.gangway.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that is not read from when its answer has just been sent: the client has not seen it
 * yet, so what it sends next is left to the selector. A connection is one thread's at a time.
 */
final class GatewayEndPoint extends SocketChannelEndPoint {

  /** Jetty tries to read a second time before it believes that there is nothing. */
  private static final int TRIES = 2;

  private int unread;

  GatewayEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
    super(channel, selector, key, scheduler);
  }

  /** Runs a task that looks for the next request: it finds what has been read before, at most. */
  void runWithoutReading(Runnable task) {
    unread = TRIES;
    task.run();
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    if (unread > 0) {
      unread--;
      return 0;
    }
    return super.fill(buffer);
  }
}
