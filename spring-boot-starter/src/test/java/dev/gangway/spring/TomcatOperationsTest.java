package dev.gangway.spring;

class TomcatOperationsTest extends OperationsTests {

  TomcatOperationsTest() {
    super(Servers.Tomcat.class);
  }
}
