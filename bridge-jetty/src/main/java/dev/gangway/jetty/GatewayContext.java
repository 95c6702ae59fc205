package dev.gangway.jetty;

import dev.gangway.server.StaticFolder;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRequestListener;
import java.util.EventListener;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ContextHandler;

/**
 * A servlet context of one of Jetty's environments, which have the same classes in two packages.
 */
interface GatewayContext {

  /** The handler to add to a server. */
  ContextHandler handler();

  /** Adds a servlet that supports asynchronous operation. */
  void servlet(String mapping, Servlet servlet);

  /** Adds a filter that supports asynchronous operation. */
  void filter(String mapping, Filter filter);

  /** Adds the default servlet for a folder. */
  void staticFolder(StaticFolder folder);

  /**
   * Whether the thread that reads a request, whose body is empty, may hand it to its servlet: an
   * application that answers from elsewhere, with nothing in front of it that could block.
   */
  boolean neverBlocks(Request request);

  /** Has the context, started or not, upgrade connections; Jetty's classes must be there. */
  void enableWebSockets();

  /** Lets the Servlet API decode paths that can be read in two ways instead of throwing. */
  void decodeAmbiguousUris();

  /** Whether a listener is told of each request, and could block. */
  static boolean haveRequestListener(List<EventListener> listeners) {
    for (EventListener listener : listeners) {
      if (listener instanceof ServletRequestListener) {
        return true;
      }
    }
    return false;
  }
}
