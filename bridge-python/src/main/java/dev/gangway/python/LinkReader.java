package dev.gangway.python;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/** The one thread that hears what the workers of an ASGI application say. */
final class LinkReader implements AutoCloseable {

  private static final Logger LOG = System.getLogger(LinkReader.class.getName());

  private final Selector selector;
  private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
  private final Queue<WorkerLink> added = new ConcurrentLinkedQueue<>();
  private final BiConsumer<WorkerLink, IOException> ended;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * Starts the thread.
   *
   * @param ended told of each link that has ended, and why
   */
  LinkReader(BiConsumer<WorkerLink, IOException> ended) throws IOException {
    this.ended = ended;
    selector = Selector.open();
    thread = new Thread(this::run, "gangway-streams");
    thread.setDaemon(true);
    thread.start();
  }

  /** Has the reading thread do something, which is then in order with what workers say. */
  void run(Runnable action) {
    actions.add(action);
    selector.wakeup();
  }

  /** Reads what a worker that has ended had said. */
  void finish(WorkerLink link) {
    try {
      boolean more;
      do {
        more = link.read();
      } while (more);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "The last words of a worker have been read", e);
    }
  }

  void add(WorkerLink link) {
    added.add(link);
    selector.wakeup();
  }

  private void run() {
    while (!closing) {
      try {
        selector.select(this::ready);
        for (WorkerLink link = added.poll(); link != null; link = added.poll()) {
          register(link);
        }
        for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
          action.run();
        }
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.ERROR, "Reading from workers failed", e);
      }
    }
  }

  private void register(WorkerLink link) {
    try {
      link.registered(link.channel().register(selector, SelectionKey.OP_READ, link));
      link.writeOn();
    } catch (IOException e) {
      end(link, e);
    }
  }

  private void ready(SelectionKey key) {
    WorkerLink link = (WorkerLink) key.attachment();
    try {
      if (key.isReadable()) {
        link.read();
      }
      if (key.isValid() && key.isWritable()) {
        link.writeOn();
      }
    } catch (IOException e) {
      end(link, e);
    } catch (CancelledKeyException e) {
      LOG.log(Level.DEBUG, "A link was closed meanwhile", e);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "A frame of worker " + link.worker() + " was not understood", e);
      end(link, new ProtocolException(String.valueOf(e)));
    }
  }

  private void end(WorkerLink link, IOException why) {
    try {
      link.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A link cannot be closed", e);
    }
    ended.accept(link, why);
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join(1000);
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The selector cannot be closed", e);
    }
  }
}
