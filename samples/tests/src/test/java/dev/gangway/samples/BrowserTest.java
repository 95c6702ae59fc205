package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One pass through the site in a browser. The pictures stay in target/screenshots. */
class BrowserTest {

  private static final Path PICTURES = Samples.TARGET.resolve("screenshots");

  /** What did not load, as lines of address and status. */
  static final String BROKEN =
      "performance.getEntriesByType('resource').filter(it => it.responseStatus !== 200)"
          + ".map(it => it.name + ' ' + it.responseStatus).join('\\n')";

  private static final String HEADER_COLOR =
      "getComputedStyle(document.querySelector('header, #header')).backgroundColor";

  @TempDir Path folder;

  private Chromium browser;

  @Test
  void thePublicSiteAndTheAdministrationLookAsTheyShould() throws Exception {
    Path program = Chromium.require();

    try (RunningSample sample = RunningSample.start("jetty", Map.of());
        Chromium started = Chromium.start(program, folder)) {
      browser = started;
      URI site = sample.uri();

      browser.open(site);
      looksRight("home", "rgb(8, 50, 74)");
      assertThat(text("h1")).isEqualTo("A quiet night behind the breakwater");

      browser.open(site.resolve("book/"));
      looksRight("book", "rgb(8, 50, 74)");

      browser.open(site.resolve("admin/"));
      looksRight("admin-login", null);
      fill("#id_username", "admin");
      fill("#id_password", "gangway");
      browser.leave("document.querySelector('form').submit()");
      assertThat(browser.evaluate("document.title")).startsWith("Harbour office");
      looksRight("admin", null);

      browser.leave("document.querySelector('tr.model-booking th a').click()");
      looksRight("admin-bookings", null);
      browser.leave("document.querySelector('#result_list tbody th a').click()");
      looksRight("admin-booking", null);

      browser.open(site.resolve("office/"));
      looksRight("office", "rgb(8, 50, 74)");
      browser.open(site.resolve("flask/"));
      picture("flask");
      browser.open(site.resolve("java/"));
      picture("java");
    }
  }

  private String text(String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent");
  }

  private void fill(String selector, String value) {
    browser.evaluate("document.querySelector('" + selector + "').value = '" + value + "'");
  }

  private void picture(String name) {
    browser.screenshot(PICTURES.resolve(name + ".png"));
  }

  /** The page has its colours, and nothing that it asked for is missing. */
  private void looksRight(String name, String headerColor) {
    picture(name);
    assertThat(browser.evaluate(BROKEN)).as(name).isEmpty();
    if (headerColor == null) {
      assertThat(browser.evaluate(HEADER_COLOR)).as(name).isNotEqualTo("rgba(0, 0, 0, 0)");
    } else {
      assertThat(browser.evaluate(HEADER_COLOR)).as(name).isEqualTo(headerColor);
    }
  }
}
