package dev.gangway.spring;

import dev.gangway.servlet.GatewayServlet;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;

/**
 * Closes WebSockets before the web server begins to stop: while it waits for the requests in hand,
 * clients can find another server, and later their connections would just end.
 */
final class WebSocketLifecycle implements SmartLifecycle {

  /** Above that of Boot's graceful shutdown; Boot 3 and 4 have that constant in other classes. */
  static final int PHASE = DEFAULT_PHASE - 512;

  private final Supplier<List<GatewayServlet>> servlets;
  private volatile List<GatewayServlet> open = List.of();
  private volatile boolean running;

  /**
   * Watches over the WebSockets of some servlets.
   *
   * @param servlets asked for when the web server has started
   */
  WebSocketLifecycle(Supplier<List<GatewayServlet>> servlets) {
    this.servlets = servlets;
  }

  @Override
  public void start() {
    open = servlets.get();
    open.forEach(GatewayServlet::open);
    running = true;
  }

  @Override
  public void stop() {
    open.forEach(GatewayServlet::drain);
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
