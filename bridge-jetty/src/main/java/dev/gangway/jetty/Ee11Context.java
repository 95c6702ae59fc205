package dev.gangway.jetty;

import dev.gangway.server.StaticFolder;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/** Jetty's Servlet 6.1. */
final class Ee11Context implements GatewayContext {

  private final ServletContextHandler context;

  Ee11Context() {
    this(new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS));
  }

  Ee11Context(ServletContextHandler context) {
    this.context = context;
  }

  static @Nullable GatewayContext wrap(ContextHandler handler) {
    return handler instanceof ServletContextHandler context ? new Ee11Context(context) : null;
  }

  @Override
  public ContextHandler handler() {
    return context;
  }

  @Override
  public void servlet(String mapping, Servlet servlet) {
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    holder.setInitOrder(1);
    context.addServlet(holder, mapping);
  }

  @Override
  public void filter(String mapping, Filter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, mapping, EnumSet.of(DispatcherType.REQUEST));
  }

  @Override
  public void staticFolder(StaticFolder folder) {
    ServletHolder holder = new ServletHolder(new Ee11StaticServlet(folder));
    holder.setInitParameters(
        Map.of(
            "baseResource", folder.folder().toUri().toString(),
            "dirAllowed", "false",
            "etags", "true",
            "precompressed", "br=.br,gzip=.gz"));
    holder.setAsyncSupported(true);
    holder.setInitOrder(1);
    context.addServlet(holder, folder.path() + "/*");
  }

  @Override
  public void enableWebSockets() {
    Ee11WebSockets.enable(context);
  }

  @Override
  public void decodeAmbiguousUris() {
    context.getServletHandler().setDecodeAmbiguousURIs(true);
  }

  @Override
  public boolean neverBlocks(Request request) {
    ServletHandler servlets = context.getServletHandler();
    if (context.getHandler() != servlets
        || servlets.getFilterMappings().length > 0
        || GatewayContext.haveRequestListener(context.getEventListeners())) {
      return false;
    }
    String path = URIUtil.decodePath(request.getHttpURI().getCanonicalPath());
    MatchedResource<ServletHandler.MappedServlet> match = servlets.getMatchedServlet(path);
    return match != null
        && match.getResource().getServletHolder().getServletInstance()
            instanceof GatewayServlet servlet
        && servlet.isAsynchronous();
  }
}
