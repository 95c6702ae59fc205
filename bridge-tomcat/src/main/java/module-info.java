/** Starts and extends Tomcat 11 and 10.1 with gateway applications. */
@org.jspecify.annotations.NullMarked
module dev.gangway.tomcat {
  requires transitive dev.gangway;
  requires static transitive jakarta.servlet;
  requires static transitive org.apache.tomcat.catalina;
  requires static org.apache.tomcat.coyote;
  requires static jakarta.websocket.client;
  requires static transitive org.jspecify;

  exports dev.gangway.tomcat;

  provides dev.gangway.servlet.ContainerSupport with
      dev.gangway.tomcat.TomcatContainerSupport;
  provides dev.gangway.servlet.WebSocketSupport with
      dev.gangway.tomcat.TomcatWebSocketSupport;
}
