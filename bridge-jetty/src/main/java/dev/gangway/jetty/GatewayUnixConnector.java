package dev.gangway.jetty;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** As {@link GatewayConnector}, for a Unix domain socket. */
final class GatewayUnixConnector extends UnixDomainServerConnector {

  GatewayUnixConnector(Server server, Executor executor, HttpConnectionFactory http) {
    super(server, executor, null, null, GatewaySelector.ACCEPTORS, -1, http);
  }

  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new UnixDomainSelectorManager(executor, scheduler, selectors) {
      @Override
      protected ManagedSelector newSelector(int id) {
        return new GatewaySelector(this, id);
      }

      @Override
      protected @Nullable SelectableChannel doAccept(SelectableChannel server) {
        try {
          return super.doAccept(server);
        } catch (IOException e) {
          GatewaySelector.acceptFailed(server, e);
          return null;
        }
      }

      @Override
      protected void execute(Runnable task) {
        if (GatewaySelector.isShort(task)) {
          task.run();
        } else {
          super.execute(task);
        }
      }

      @Override
      protected EndPoint newEndPoint(
          SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
        GatewayEndPoint endPoint =
            new GatewayEndPoint((SocketChannel) channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
      }
    };
  }
}
