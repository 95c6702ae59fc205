package dev.gangway.tomcat;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Executor;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.util.LifecycleBase;
import org.apache.tomcat.util.threads.ResizableExecutor;
import org.apache.tomcat.util.threads.TaskThreadFactory;

/**
 * The threads of the connectors: as many as processors while no request blocks one, more as soon as
 * requests have to wait. A request whose application answers from elsewhere takes a thread only for
 * microseconds, and most of its cost is to wake that thread: so the fewer there are the better,
 * while Tomcat's own pool has as many as requests have ever come at once.
 */
final class ElasticExecutor extends LifecycleBase implements Executor, ResizableExecutor {

  static final String NAME = "gangway";

  /** A task that has waited for a whole period makes the pool grow; milliseconds. */
  private static final long PERIOD = 10;

  /** The pool shrinks if threads had nothing to do for so many periods. */
  private static final int PATIENCE = 100;

  private final int least;
  private final int most;
  private final ThreadPoolExecutor pool;
  private final Thread keeper;

  /**
   * A pool without threads until it is used.
   *
   * @param most threads, as Tomcat's {@code maxThreads}
   */
  ElasticExecutor(int most) {
    this.most = most;
    least = Math.min(most, Runtime.getRuntime().availableProcessors());
    pool =
        new ThreadPoolExecutor(
            least,
            most,
            0, // what is too much ends as soon as it has nothing to do
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new TaskThreadFactory("http-exec-", true, Thread.NORM_PRIORITY));
    keeper = new Thread(this::keep, "http-exec-keeper");
    keeper.setDaemon(true);
  }

  private void keep() {
    Runnable waiting = null;
    int spare = most;
    int quiet = 0;
    try {
      while (true) {
        Thread.sleep(PERIOD);
        Runnable first = pool.getQueue().peek();
        if (first != null && first == waiting) {
          grow();
        }
        waiting = first;
        spare = Math.min(spare, pool.getPoolSize() - pool.getActiveCount());
        if (++quiet == PATIENCE) {
          shrink(spare);
          spare = most;
          quiet = 0;
        }
      }
    } catch (InterruptedException e) {
      // The pool is closed.
    }
  }

  /** By half of what is waiting: among it may be short tasks, which need no thread of their own. */
  private void grow() {
    int more = Math.max(1, pool.getQueue().size() / 2);
    pool.setCorePoolSize(Math.min(most, pool.getCorePoolSize() + more));
  }

  private void shrink(int spare) {
    pool.setCorePoolSize(Math.max(least, pool.getCorePoolSize() - spare / 2));
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public int getPoolSize() {
    return pool.getPoolSize();
  }

  @Override
  public int getMaxThreads() {
    return most;
  }

  @Override
  public int getActiveCount() {
    return pool.getActiveCount();
  }

  @Override
  public boolean resizePool(int corePoolSize, int maximumPoolSize) {
    return false;
  }

  @Override
  public boolean resizeQueue(int capacity) {
    return false;
  }

  @Override
  protected void initInternal() {}

  @Override
  protected void startInternal() throws LifecycleException {
    keeper.start();
    setState(LifecycleState.STARTING);
  }

  @Override
  protected void stopInternal() throws LifecycleException {
    setState(LifecycleState.STOPPING);
    keeper.interrupt();
    pool.shutdownNow();
  }

  @Override
  protected void destroyInternal() {}
}
