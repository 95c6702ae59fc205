package dev.gangway.spring;

class JettySecurityTest extends SecurityTests {

  JettySecurityTest() {
    super(Servers.Jetty.class);
  }
}
