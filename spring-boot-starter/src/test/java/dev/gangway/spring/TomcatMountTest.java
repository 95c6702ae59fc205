package dev.gangway.spring;

class TomcatMountTest extends MountTests {

  TomcatMountTest() {
    super(Servers.Tomcat.class);
  }
}
