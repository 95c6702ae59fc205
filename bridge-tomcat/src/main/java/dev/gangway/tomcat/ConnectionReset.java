package dev.gangway.tomcat;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.StandardSocketOptions;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Has a connection end with a reset: a response without a length ends with the connection, and
 * would look complete after an orderly close.
 */
final class ConnectionReset {

  /** Tomcat has no public way from a request to its socket; without this one it is closed. */
  private static final @Nullable VarHandle SOCKET = socket();

  private ConnectionReset() {}

  private static @Nullable VarHandle socket() {
    try {
      return MethodHandles.privateLookupIn(AbstractProcessor.class, MethodHandles.lookup())
          .findVarHandle(AbstractProcessor.class, "socketWrapper", SocketWrapperBase.class);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** Takes note that the connection has failed, so that nothing more is written to it. */
  static void fail(AbstractProcessor processor, Throwable cause) {
    if (SOCKET != null && SOCKET.get(processor) instanceof SocketWrapperBase<?> wrapper) {
      wrapper.setError(new IOException("The response is broken off", cause));
    }
  }

  /** The connection of a request, or null if it has none any more, or one of another kind. */
  static @Nullable SocketChannel channel(AbstractProcessor processor) {
    return SOCKET != null
            && SOCKET.get(processor) instanceof SocketWrapperBase<?> wrapper
            && wrapper.getSocket() instanceof NioChannel nio
        ? nio.getIOChannel()
        : null;
  }

  /** The connection of a request, if that is nobody else's and not encrypted. */
  static @Nullable NioSocketWrapper plain(AbstractProcessor processor) {
    return processor instanceof Http11Processor
            && SOCKET != null
            && SOCKET.get(processor) instanceof NioSocketWrapper wrapper
            && wrapper.getSocket().getClass() == NioChannel.class
        ? wrapper
        : null;
  }

  /**
   * Has the connection reset when Tomcat closes it, which it does soon.
   *
   * @param scheduler for what is to be done then
   */
  static void onClose(AbstractProcessor processor, ScheduledExecutorService scheduler) {
    if (SOCKET == null
        || !(SOCKET.get(processor) instanceof NioSocketWrapper wrapper)
        || !wrapper.getSocket().isOpen()) {
      return;
    }
    SocketChannel channel = wrapper.getSocket().getIOChannel();
    try {
      if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    } catch (IOException e) {
      // It is closed already.
    }
    new Departure(channel, wrapper.getPoller().getSelector(), scheduler, 1).schedule();
  }

  /**
   * Wakes the poller when Tomcat has closed a channel. The JDK closes the socket only when the
   * selector has let go of it, and the poller's looks once a second while nothing happens. The key
   * must not be cancelled before: a poller that meets such a key takes the request's end from those
   * who wait for it.
   *
   * @param pause before it looks again, in milliseconds
   */
  private record Departure(
      SocketChannel channel, Selector selector, ScheduledExecutorService scheduler, long pause)
      implements Runnable {

    /** Later the poller has looked by itself. */
    private static final long LAST = 512;

    @Override
    public void run() {
      if (!channel.isOpen()) {
        selector.wakeup();
      }
      // A channel is not open any more just before it asks the selector to let go.
      if (channel.isRegistered() && pause < LAST) {
        new Departure(channel, selector, scheduler, pause * 2).schedule();
      }
    }

    void schedule() {
      try {
        var unused = scheduler.schedule(this, pause, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // Tomcat stops, and its poller with it.
      }
    }
  }
}
