package dev.gangway.spring;

class TomcatSiteTest extends SiteTests {

  TomcatSiteTest() {
    super(Servers.Tomcat.class);
  }
}
