package dev.gangway.spring;

class TomcatSecurityTest extends SecurityTests {

  TomcatSecurityTest() {
    super(Servers.Tomcat.class);
  }
}
