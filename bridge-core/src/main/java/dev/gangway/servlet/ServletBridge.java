package dev.gangway.servlet;

import dev.gangway.GatewayApplication;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiHost;
import dev.gangway.exchange.ExchangeApplication;
import dev.gangway.server.ForwardedHeaders;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The way of a request from the container to the application and back. Safe for many threads. */
final class ServletBridge {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  /** Set on a request that is dispatched again for the servlet to throw, see AsyncExchange. */
  static final String BREAK_OFF = "dev.gangway.servlet.break-off";

  /** An include or an error page is part of somebody else's response, who waits for it. */
  private static final Set<DispatcherType> ASYNCHRONOUS =
      EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC);

  private final GatewayApplication mounted;
  private final boolean filter;
  private final Set<Integer> passedOn;
  private final boolean notes;
  private final EnvironCustomizer customizer;
  private final WebSockets webSockets;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** To the application that an {@link AsgiHost} had last. */
  private volatile @Nullable AsgiGateway gateway;

  private ServletBridge(
      GatewayApplication application,
      boolean filter,
      Set<Integer> passedOn,
      boolean notes,
      EnvironCustomizer customizer,
      WebSocketTimes times) {
    this.mounted = application;
    this.filter = filter;
    this.passedOn = passedOn;
    this.notes = notes;
    this.customizer = customizer;
    webSockets = new WebSockets(times);
  }

  static ServletBridge ofServlet(
      GatewayApplication application,
      boolean notes,
      EnvironCustomizer customizer,
      WebSocketTimes times) {
    return new ServletBridge(application, false, Set.of(), notes, customizer, times);
  }

  static ServletBridge ofFilter(GatewayApplication application, Set<Integer> passedOn) {
    return new ServletBridge(
        application, true, passedOn, false, EnvironCustomizer.NONE, WebSocketTimes.DEFAULT);
  }

  /**
   * Answers a request.
   *
   * @param request the request
   * @param response its response
   * @return false if the application's status is one of those to be passed on; nothing has been
   *     written then
   * @throws IOException to make the container break the connection
   */
  boolean service(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (request.getAttribute(BREAK_OFF) != null) {
      throw Containers.incomplete();
    }
    RequestPath path;
    try {
      path = path(request);
    } catch (BadRequestException e) {
      LOGGER.log(Level.DEBUG, e.getMessage());
      ErrorPage.write(response, HttpServletResponse.SC_BAD_REQUEST);
      return true;
    }
    GatewayApplication application = application();
    if (application instanceof AsgiGateway gateway && OpeningHandshake.isIn(request)) {
      webSockets.serve(gateway, new WebSockets.Asked(request, response, path, notes, customizer));
      return true;
    }
    if (application instanceof ExchangeApplication exchanging && passedOn.isEmpty()) {
      if (!request.isAsyncSupported()) {
        warn(path);
      } else if (ASYNCHRONOUS.contains(request.getDispatcherType())) {
        AsyncExchange.hand(exchanging, request, response, path, notes, customizer);
        return true;
      }
    }
    return new BlockingCall(request, response, passedOn).run(application, path, notes, customizer);
  }

  /** Takes WebSockets, again if it has been closed. */
  void open() {
    webSockets.open();
  }

  /** Closes what stays open after its request. */
  void close() {
    webSockets.close();
  }

  boolean isAsynchronous() {
    return application() instanceof ExchangeApplication && passedOn.isEmpty();
  }

  /** The application, or the gateway to its ASGI side if it has one. */
  private GatewayApplication application() {
    if (!(mounted instanceof AsgiHost host) || mounted instanceof AsgiGateway) {
      return mounted;
    }
    AsgiApplication asgi = host.asgi();
    if (asgi == null) {
      return mounted;
    }
    AsgiGateway known = gateway;
    if (known == null || known.asgi() != asgi) {
      known = new AsgiGateway(asgi);
      gateway = known;
    }
    return known;
  }

  private void warn(RequestPath path) {
    if (warned.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "The application at \""
              + path.scriptName()
              + "\" could answer without holding a thread, but a servlet or filter in the request's"
              + " way does not support that: set async-supported to true there");
    }
  }

  private RequestPath path(HttpServletRequest request) throws BadRequestException {
    boolean included =
        request.getDispatcherType() == DispatcherType.INCLUDE
            && request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) instanceof String;
    if (!included) {
      return path(
          request,
          request.getRequestURI(),
          request.getContextPath(),
          filter ? null : request.getHttpServletMapping());
    }
    return path(
        request,
        String.valueOf(request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)),
        request.getAttribute(RequestDispatcher.INCLUDE_CONTEXT_PATH) instanceof String context
            ? context
            : request.getContextPath(),
        filter ? null : mapping(request.getAttribute(RequestDispatcher.INCLUDE_MAPPING)));
  }

  private static RequestPath path(
      HttpServletRequest request,
      String requestUri,
      String contextPath,
      @Nullable HttpServletMapping mapping)
      throws BadRequestException {
    RequestPath path = RequestPath.of(requestUri, contextPath, mapping);
    if (request.getAttribute(ForwardedHeaders.PREFIX_ATTRIBUTE) instanceof String prefix) {
      return path.behind(prefix);
    }
    ForwardedRequest forwarded = ForwardedRequest.in(request);
    return forwarded == null ? path : path.behind(forwarded.missingPrefix(contextPath));
  }

  private static @Nullable HttpServletMapping mapping(@Nullable Object attribute) {
    return attribute instanceof HttpServletMapping mapping ? mapping : null;
  }
}
