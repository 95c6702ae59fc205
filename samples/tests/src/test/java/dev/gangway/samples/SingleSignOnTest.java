package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One login for Spring and Django, in the executable jar. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SingleSignOnTest {

  private static final Path PICTURES = Samples.TARGET.resolve("screenshots");
  private static final Pattern SPRINGS_TOKEN =
      Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private RunningSample sample;

  @BeforeAll
  void start() throws Exception {
    sample = RunningSample.start("spring-boot", Map.of());
  }

  @AfterAll
  void stop() throws Exception {
    sample.close();
  }

  private static String springsToken(HttpResponse<String> page) {
    return Visitor.found(SPRINGS_TOKEN, page);
  }

  private Visitor loggedIn(String name) throws Exception {
    Visitor visitor = new Visitor(sample.uri());
    HttpResponse<String> page =
        visitor.post(
            "login",
            Map.of(
                "username",
                name,
                "password",
                "gangway",
                "_csrf",
                springsToken(visitor.get("login"))));
    assertThat(page.body()).contains("Welcome aboard, " + name);
    return visitor;
  }

  @Test
  void aVisitorLogsInOnceAndOutOfBoth(@TempDir Path folder) throws Exception {
    Path program = Chromium.require();
    URI desk = sample.uri();
    try (Chromium browser = Chromium.start(program, folder)) {
      browser.open(desk.resolve("site/"));
      assertThat(browser.evaluate("document.title")).startsWith("Log in");
      browser.screenshot(PICTURES.resolve("spring-login.png"));
      logIn(browser, "kari");

      assertThat(browser.evaluate("location.pathname")).isEqualTo("/site/");
      assertThat(text(browser, "header nav")).contains("Log out kari").doesNotContain("Admin");
      assertThat(browser.evaluate(BrowserTest.BROKEN)).isEmpty();
      browser.screenshot(PICTURES.resolve("spring-django.png"));
      browser.open(desk);
      assertThat(text(browser, "h1")).isEqualTo("Welcome aboard, kari");
      browser.screenshot(PICTURES.resolve("spring-desk.png"));
      browser.open(desk.resolve("api/visitor"));
      assertThat(text(browser, "body")).contains("\"name\":\"kari\"").contains("ROLE_USER");
      browser.open(desk.resolve("site/admin/"));
      assertThat(text(browser, "body")).contains("403");

      browser.open(desk.resolve("site/"));
      browser.leave("document.querySelector('header nav form').submit()");
      assertThat(text(browser, "h1")).isEqualTo("Welcome to the harbour");
      browser.open(desk.resolve("site/"));
      assertThat(browser.evaluate("document.title")).startsWith("Log in");

      logIn(browser, "admin");
      assertThat(text(browser, "header nav"))
          .contains("Log out admin", "Administration")
          .doesNotContain("kari");
      browser.open(desk.resolve("site/admin/"));
      assertThat(browser.evaluate("document.title")).startsWith("Harbour office");
      browser.screenshot(PICTURES.resolve("spring-admin.png"));
    }
  }

  private static void logIn(Chromium browser, String name) {
    browser.evaluate("document.querySelector('[name=username]').value = '" + name + "'");
    browser.evaluate("document.querySelector('[name=password]').value = 'gangway'");
    browser.leave("document.querySelector('form.sheet').submit()");
  }

  private static String text(Chromium browser, String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent");
  }

  @Test
  void eachSideKeepsItsOwnTokens() throws Exception {
    Visitor kari = loggedIn("kari");
    HttpResponse<String> refused = kari.post("site/office/papers/", Map.of("title", "Insurance"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("The form was not accepted");
    assertThat(kari.upload("site/office/papers/", "Insurance", "a.txt", new byte[100_000]).body())
        .contains("Insurance");
    assertThat(kari.send(kari.request("logout").POST(BodyPublishers.noBody())).statusCode())
        .isEqualTo(403);
    assertThat(kari.get("").body()).contains("Welcome aboard, kari");
  }

  @Test
  void aSessionOfDjangoAloneIsNobody() throws Exception {
    Visitor kari = loggedIn("kari");
    assertThat(kari.get("site/office/").statusCode()).isEqualTo(200);
    kari.forget("JSESSIONID");
    assertThat(kari.get("site/office/").uri().getPath()).isEqualTo("/login");
  }

  @Test
  void noHeaderOfAClientIsAUser() throws Exception {
    Visitor stranger = new Visitor(sample.uri());
    HttpResponse<String> page =
        stranger.send(
            stranger
                .request("site/office/")
                .header("Remote-User", "admin")
                .header("gangway.authorities", "ROLE_ADMIN"));
    assertThat(page.uri().getPath()).isEqualTo("/login");
  }
}
