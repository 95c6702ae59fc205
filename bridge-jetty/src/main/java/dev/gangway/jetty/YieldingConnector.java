package dev.gangway.jetty;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connector whose selecting threads let others run before they select. When all processors are
 * busy, more connections are ready by then, and fewer switches are made between threads: Python
 * hello took 25 µs of processor time instead of 31. When a processor is idle, it costs nothing.
 */
final class YieldingConnector extends ServerConnector {

  YieldingConnector(Server server, Executor executor, HttpConnectionFactory http) {
    super(server, executor, null, null, -1, -1, http);
  }

  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new ServerConnectorManager(executor, scheduler, selectors) {
      @Override
      protected ManagedSelector newSelector(int id) {
        return new YieldingSelector(this, id);
      }
    };
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    GatewayEndPoint endPoint = new GatewayEndPoint(channel, selector, key, getScheduler());
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  private static final class YieldingSelector extends ManagedSelector {

    YieldingSelector(SelectorManager manager, int id) {
      super(manager, id);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // a hint is all it is meant to be
    protected int nioSelect(Selector selector, boolean now) throws IOException {
      Thread.yield();
      return super.nioSelect(selector, now);
    }
  }
}
