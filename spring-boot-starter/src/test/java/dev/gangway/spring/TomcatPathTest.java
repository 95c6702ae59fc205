package dev.gangway.spring;

class TomcatPathTest extends PathTests {

  TomcatPathTest() {
    super(Servers.Tomcat.class);
  }
}
