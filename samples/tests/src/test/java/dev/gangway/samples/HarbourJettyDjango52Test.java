package dev.gangway.samples;

import java.util.Map;

/** The site on embedded Jetty, with Django 5.2. */
class HarbourJettyDjango52Test extends SiteScenario {

  HarbourJettyDjango52Test() {
    super("jetty");
  }

  @Override
  Map<String, String> environment() {
    return Map.of("PYTHONPATH", Samples.newerDjango());
  }

  @Override
  String django() {
    return "5.2";
  }
}
