package dev.gangway.spring;

class JettyFilterTest extends FilterTests {

  JettyFilterTest() {
    super(Servers.Jetty.class);
  }
}
