package dev.gangway.tomcat;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.apache.coyote.AbstractProcessor;
import org.apache.tomcat.util.net.NioChannel;
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

  static void onClose(AbstractProcessor processor) {
    if (SOCKET != null
        && SOCKET.get(processor) instanceof SocketWrapperBase<?> wrapper
        && wrapper.getSocket() instanceof NioChannel nio) {
      SocketChannel channel = nio.getIOChannel();
      try {
        if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
          channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
      } catch (IOException e) {
        // It is closed already.
      }
    }
  }
}
