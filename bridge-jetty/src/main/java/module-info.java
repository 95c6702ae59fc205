/** Starts and extends Jetty 12.1 with gateway applications. */
@org.jspecify.annotations.NullMarked
module dev.gangway.jetty {
  requires transitive dev.gangway;
  requires transitive org.eclipse.jetty.server;
  requires static transitive jakarta.servlet;
  requires static org.eclipse.jetty.ee10.servlet;
  requires static org.eclipse.jetty.ee11.servlet;
  requires static org.eclipse.jetty.ee10.websocket.jakarta.server;
  requires static org.eclipse.jetty.ee11.websocket.jakarta.server;
  requires static org.eclipse.jetty.http2.common;
  requires static org.eclipse.jetty.websocket.core.common;
  requires static org.eclipse.jetty.websocket.core.server;
  requires static jakarta.websocket.client;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.unixdomain.server;
  requires org.eclipse.jetty.util;
  requires static transitive org.jspecify;

  exports dev.gangway.jetty;

  provides dev.gangway.servlet.ContainerSupport with
      dev.gangway.jetty.JettyContainerSupport;
  provides dev.gangway.servlet.WebSocketSupport with
      dev.gangway.jetty.JettyWebSocketSupport;
}
