package dev.gangway.spring;

class TomcatShutdownTest extends ShutdownTests {

  TomcatShutdownTest() {
    super(Servers.Tomcat.class);
  }
}
