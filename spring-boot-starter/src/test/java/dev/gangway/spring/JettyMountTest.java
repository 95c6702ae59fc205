package dev.gangway.spring;

class JettyMountTest extends MountTests {

  JettyMountTest() {
    super(Servers.Jetty.class);
  }
}
