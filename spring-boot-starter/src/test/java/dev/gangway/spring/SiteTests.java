package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.conformance.Pythons;
import jakarta.servlet.DispatcherType;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** The Django site of the samples in a Spring Boot application, as docs/spring-boot.md has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SiteTests {

  /** Leaves the mount alone, so that Django's own login is the one there. */
  @Configuration(proxyBeanMethods = false)
  static class Rules {
    @Bean
    SecurityFilterChain rules(HttpSecurity http) throws Exception {
      return http.authorizeHttpRequests(
              rules ->
                  rules
                      .dispatcherTypeMatchers(DispatcherType.ERROR)
                      .permitAll()
                      .requestMatchers(GatewayRequest.toMounts())
                      .permitAll()
                      .anyRequest()
                      .authenticated())
          .csrf(csrf -> csrf.ignoringRequestMatchers(GatewayRequest.toMounts()))
          .formLogin(Customizer.withDefaults())
          .build();
    }
  }

  private static final Pattern TOKEN =
      Pattern.compile("name=\"csrfmiddlewaretoken\" value=\"([^\"]+)\"");

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
            List.of(SpringBootPage.class, Rules.class),
            "spring.autoconfigure.exclude=",
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

  private static String cookies(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie").stream()
        .map(cookie -> cookie.replaceFirst(";.*", ""))
        .collect(Collectors.joining("; "));
  }

  private HttpResponse<String> logIn(String cookies, String token, String password)
      throws Exception {
    return application.send(
        application
            .request("/all/shop/admin/login/?next=/all/shop/admin/")
            .header("Cookie", cookies)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "username=admin&password=" + password + "&csrfmiddlewaretoken=" + token)));
  }

  @Test
  void djangosOwnLoginWorksWhereSecurityLeavesTheMountAlone() throws Exception {
    assertThat(application.get("/all/elsewhere").statusCode()).isNotEqualTo(200);
    HttpResponse<String> page = application.get("/all/shop/admin/login/");
    Matcher token = TOKEN.matcher(page.body());
    assertThat(token.find()).isTrue();
    assertThat(logIn(cookies(page), "wrong", "gangway").statusCode()).isEqualTo(403);
    HttpResponse<String> in = logIn(cookies(page), token.group(1), "gangway");
    assertThat(in.statusCode()).isEqualTo(302);
    HttpResponse<String> admin =
        application.send(application.request("/all/shop/admin/").header("Cookie", cookies(in)));
    assertThat(admin.statusCode()).isEqualTo(200);
    assertThat(admin.body()).contains("/all/shop/admin/logout/");
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
