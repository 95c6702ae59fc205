package dev.gangway.spring;

class JettyOperationsTest extends OperationsTests {

  JettyOperationsTest() {
    super(Servers.Jetty.class);
  }
}
