package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.conformance.Pythons;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The Django site of the samples in a Spring Boot application, as docs/spring-boot.md has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SiteTests {

  private static final Pattern STYLE_SHEET =
      Pattern.compile("href=\"([^\"]*/admin/css/base[^\"]*\\.css)\"");

  private final Class<?> server;
  private RunningApplication application;

  SiteTests(Class<?> server) {
    this.server = server;
  }

  @BeforeAll
  void start() throws Exception {
    Path site = Pythons.fixtures().resolve("../../../../samples/django-site").normalize();
    Path data = Path.of("target/django-site").toAbsolutePath();
    ProcessBuilder setup =
        new ProcessBuilder(Pythons.interpreter(), "manage.py", "setup")
            .directory(site.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    setup.environment().put("DATA_DIR", data.toString());
    assertThat(setup.start().waitFor()).isZero();
    application =
        RunningApplication.start(
            server,
            List.of(SpringBootPage.class),
            "spring.profiles.active=page",
            "gangway.mounts.shop.chdir=" + site,
            "gangway.mounts.shop.python=" + Pythons.interpreter(),
            "gangway.mounts.shop.env.DATA_DIR=" + data,
            "gangway.mounts.shop.static-map.static=" + data.resolve("static"),
            "server.servlet.context-path=/all");
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void thePageForLoggingInIsThereWithItsStyleSheet() throws Exception {
    HttpResponse<String> page = application.get("/all/shop/admin/login/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("csrfmiddlewaretoken")
        .contains("action=\"/all/shop/admin/login/\"");
    Matcher link = STYLE_SHEET.matcher(page.body());
    assertThat(link.find()).isTrue();
    assertThat(link.group(1)).startsWith("/all/shop/static/");
    HttpResponse<String> styles = application.get(link.group(1));
    assertThat(styles.statusCode()).isEqualTo(200);
    assertThat(styles.headers().firstValue("Content-Type")).hasValue("text/css");
    assertThat(styles.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
    String tag = styles.headers().firstValue("ETag").orElseThrow();
    assertThat(
            application
                .send(application.request(link.group(1)).header("If-None-Match", tag))
                .statusCode())
        .isEqualTo(304);
  }

  @Test
  void nothingButTheStaticFilesIsServedFromTheirFolder() throws Exception {
    assertThat(application.get("/all/shop/static/").statusCode()).isEqualTo(404);
    assertThat(application.get("/all/shop/static/missing.css").statusCode()).isEqualTo(404);
    assertThat(application.get("/all/shop/static/admin").statusCode()).isEqualTo(404);
    assertThat(application.get("/all/shop/static/..%2Fdb.sqlite3").statusCode()).isEqualTo(400);
    assertThat(application.get("/all/shop/static/..;/db.sqlite3").statusCode()).isBetween(400, 404);
  }

  @Test
  void theApplicationOfThePageAnswers() throws Exception {
    assertThat(application.get("/all/hello/you").body()).isEqualTo("Hello, /you\n");
  }

  @Test
  void theSiteNamesWhatIsNotThereItself() throws Exception {
    HttpResponse<String> page = application.get("/all/shop/no/such/page/");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("Nothing moored here");
  }
}
