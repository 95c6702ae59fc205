package dev.gangway.samples;

import java.util.Map;

/** The site on embedded Tomcat, with Django 5.2. */
class HarbourTomcatDjango52Test extends SiteScenario {

  HarbourTomcatDjango52Test() {
    super("tomcat");
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
