package dev.gangway.jetty;

import dev.gangway.servlet.WebSocketSupport;
import org.eclipse.jetty.websocket.core.AbstractExtension;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.util.DemandChain;
import org.jspecify.annotations.Nullable;

/**
 * Holds the demand for frames back while an application is behind: Jetty's Jakarta WebSocket always
 * asks for the next frame itself. An extension is where Jetty lets others stand between; with this
 * kind of name it is internal, so that clients neither see it nor can ask for it. Public because
 * Jetty creates it. Safe for many threads.
 */
@SuppressWarnings("exports") // of modules that only those need who have them
public final class FlowExtension extends AbstractExtension implements DemandChain {

  private @Nullable DemandChain next;
  private boolean suspended;
  private boolean demanded;

  /** Called by Jetty for each WebSocket. */
  public FlowExtension() {}

  static void register(WebSocketComponents components) {
    components.getExtensionRegistry().register(WebSocketSupport.FLOW, FlowExtension.class);
  }

  @Override
  public synchronized void setNextDemand(DemandChain nextDemand) {
    next = nextDemand;
  }

  @Override
  public void demand() {
    DemandChain asked;
    synchronized (this) {
      if (suspended) {
        demanded = true;
        return;
      }
      asked = next;
    }
    if (asked != null) {
      asked.demand();
    }
  }

  synchronized void suspend() {
    suspended = true;
  }

  void resume() {
    DemandChain asked;
    synchronized (this) {
      suspended = false;
      asked = demanded ? next : null;
      demanded = false;
    }
    if (asked != null) {
      asked.demand();
    }
  }
}
