/** The WSGI contract in Java, and the bridge that mounts it in a Jakarta Servlet container. */
@org.jspecify.annotations.NullMarked
module dev.gangway {
  requires static transitive jakarta.servlet;
  requires static jakarta.websocket;
  requires static jakarta.websocket.client;
  requires static transitive org.jspecify;

  exports dev.gangway;
  exports dev.gangway.asgi;
  exports dev.gangway.exchange;
  exports dev.gangway.server;
  exports dev.gangway.lint;
  exports dev.gangway.servlet;

  uses dev.gangway.servlet.ContainerSupport;
  uses dev.gangway.servlet.WebSocketSupport;
}
