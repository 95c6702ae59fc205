package dev.gangway.samples;

/** The site as a WAR in the Tomcat distribution. */
class HarbourWarTest extends SiteScenario {

  HarbourWarTest() {
    super("war");
  }
}
