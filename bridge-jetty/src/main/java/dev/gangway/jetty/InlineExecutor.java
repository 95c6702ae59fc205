package dev.gangway.jetty;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.TryExecutor;

/**
 * The threads of a connector, spared where a response has just been completed by a thread of ours:
 * that thread looks for the connection's next request itself. It finds none mostly, and {@link
 * InlineHandler} sees to it that none blocks.
 */
final class InlineExecutor implements TryExecutor {

  private final TryExecutor pool;

  InlineExecutor(Executor pool) {
    this.pool = TryExecutor.asTryExecutor(pool);
  }

  @Override
  public void execute(Runnable task) {
    if (task instanceof Connection connection && Completion.end()) {
      if (connection.getEndPoint() instanceof GatewayEndPoint endPoint) {
        endPoint.runWithoutReading(task);
      } else {
        task.run();
      }
    } else {
      pool.execute(task);
    }
  }

  @Override
  public boolean tryExecute(Runnable task) {
    return pool.tryExecute(task);
  }
}
