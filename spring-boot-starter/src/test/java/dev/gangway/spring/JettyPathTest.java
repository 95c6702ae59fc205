package dev.gangway.spring;

class JettyPathTest extends PathTests {

  JettyPathTest() {
    super(Servers.Jetty.class);
  }
}
