package dev.gangway.samples;

/** The site on embedded Jetty, with the Django that is installed. */
class HarbourJettyTest extends SiteScenario {

  HarbourJettyTest() {
    super("jetty");
  }
}
