/** Starts and extends Jetty 12.1 with gateway applications. */
@org.jspecify.annotations.NullMarked
module dev.gangway.jetty {
  requires transitive dev.gangway;
  requires transitive org.eclipse.jetty.server;
  requires static transitive jakarta.servlet;
  requires static org.eclipse.jetty.ee10.servlet;
  requires static org.eclipse.jetty.ee11.servlet;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.unixdomain.server;
  requires org.eclipse.jetty.util;
  requires static transitive org.jspecify;

  exports dev.gangway.jetty;

  provides dev.gangway.servlet.ContainerSupport with
      dev.gangway.jetty.JettyContainerSupport;
}
