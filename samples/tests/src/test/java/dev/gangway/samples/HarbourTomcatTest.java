package dev.gangway.samples;

/** The site on embedded Tomcat, with the Django that is installed. */
class HarbourTomcatTest extends SiteScenario {

  HarbourTomcatTest() {
    super("tomcat");
  }
}
