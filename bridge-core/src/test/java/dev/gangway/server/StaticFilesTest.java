package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticFilesTest {

  private static final String YEAR = "public, max-age=31536000, immutable";

  @ParameterizedTest
  @ValueSource(strings = {"/admin/css/base.5af66c1b1797.css", "/app.5af66c1b.js", "x-5af66c1b.map"})
  void letsNamesWithAHashBeCachedForAYear(String path) {
    assertThat(StaticFiles.defaults().cacheControlOf(path)).contains(YEAR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/base.css", "/base.min.css", "/5af66c1b1797/base.css", "/a.5af6.js", ""})
  void saysNothingAboutOthers(String path) {
    assertThat(StaticFiles.defaults().cacheControlOf(path)).isEmpty();
  }

  @Test
  void takesTheFirstPatternThatFits() {
    StaticFiles files =
        StaticFiles.defaults()
            .cacheControl("admin/**", "admin")
            .cacheControl("*.css", "css")
            .cacheControl("*", "rest");
    assertThat(files.cacheControlOf("/admin/css/x.css")).contains("admin");
    assertThat(files.cacheControlOf("/css/x.css")).contains("css");
    assertThat(files.cacheControlOf("/x.5af66c1b1797.js")).contains("rest");
  }

  @Test
  void letsTheUserSayWhichNamesNeverChange() {
    StaticFiles files = StaticFiles.defaults().immutable(Pattern.compile("v\\d+/.*"));
    assertThat(files.cacheControlOf("/v12/app.js")).contains(YEAR);
    assertThat(files.cacheControlOf("/app.5af66c1b1797.js")).isEmpty();
  }
}
