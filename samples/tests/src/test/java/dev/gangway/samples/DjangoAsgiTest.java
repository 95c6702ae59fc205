package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.jetty.JettyGateway;
import dev.gangway.python.PythonApplication;
import dev.gangway.server.StaticFiles;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Django site through its asgi.py; docs/asgi.md shows the mount. */
class DjangoAsgiTest {

  private static final Path SITE = Samples.SAMPLES.resolve("django-site");

  @TempDir Path data;

  private JettyGateway start(Path python) throws Exception {
    PythonApplication site =
        PythonApplication.builder("harbour.asgi:application")
            .chdir(SITE)
            .python(python.toString())
            .workers(2)
            .env(Map.of("DATA_DIR", data.toString(), "STATIC_URL", "/static/"))
            .start();

    return JettyGateway.builder()
        .bind("127.0.0.1:0")
        .mount("/harbour", site)
        .staticFolder("/static", data.resolve("static"), StaticFiles.defaults())
        .start();
  }

  @Test
  void servesTheSiteBelowAPrefix() throws Exception {
    Path python = Path.of(Samples.python());
    Samples.Outcome setup =
        Samples.run(
            SITE, Map.of("DATA_DIR", data.toString()), python.toString(), "manage.py", "setup");
    assertThat(setup.status()).as(setup.errors()).isZero();
    try (JettyGateway gateway = start(python)) {
      URI site = gateway.uris().get(0).resolve("/harbour/");
      Visitor visitor = new Visitor(site);
      HttpResponse<String> page = visitor.get("");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body())
          .contains("The harbour tonight")
          .contains("href=\"/harbour/book/\"")
          .contains("href=\"/static/berths/");
      HttpResponse<String> office =
          visitor.submit(
              "admin/login/?next=/harbour/admin/",
              Map.of("username", "admin", "password", "gangway"));
      assertThat(office.body()).contains("Harbour office").contains("Bookings");
    }
  }
}
