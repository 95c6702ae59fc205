package dev.gangway.jetty;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.jakarta.server.JakartaWebSocketServerContainer;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/** Jetty's WebSockets of Jakarta EE 10, only touched where their classes are. */
final class Ee10WebSockets {

  private Ee10WebSockets() {}

  /**
   * Has a context upgrade connections. Without the filter that Jetty's own initializer adds for
   * endpoints with paths of their own, which every request would have to pass.
   *
   * @param context whose own WebSockets, if it has some, stay as they are
   */
  static void enable(ServletContextHandler context) {
    if (context.isStopped()) {
      context.addServletContainerInitializer((classes, servlets) -> prepare(context));
    } else {
      context.getContext().run(() -> prepare(context));
    }
  }

  private static void prepare(ServletContextHandler context) {
    FlowExtension.register(
        WebSocketServerComponents.ensureWebSocketComponents(context.getServer(), context));
    WebSocketMappings.ensureMappings(context);
    JakartaWebSocketServerContainer.ensureContainer(context.getServletContext());
  }
}
