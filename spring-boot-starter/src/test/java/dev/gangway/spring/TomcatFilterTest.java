package dev.gangway.spring;

class TomcatFilterTest extends FilterTests {

  TomcatFilterTest() {
    super(Servers.Tomcat.class);
  }
}
