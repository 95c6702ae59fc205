package dev.gangway.spring;

class JettySiteTest extends SiteTests {

  JettySiteTest() {
    super(Servers.Jetty.class);
  }
}
