package dev.gangway.spring;

class JettyShutdownTest extends ShutdownTests {

  JettyShutdownTest() {
    super(Servers.Jetty.class);
  }
}
