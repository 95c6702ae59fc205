package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.fixture;
import static dev.gangway.spring.RunningApplication.mount;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A mount at the root, Spring MVC below it, and all of that below a context path. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PathTests {

  private final Class<?> server;
  private RunningApplication application;

  PathTests(Class<?> server) {
    this.server = server;
  }

  @BeforeAll
  void start() {
    application =
        RunningApplication.start(
            server,
            List.of(SpringSide.class),
            Stream.of(
                    fixture("site", "/", "fixtures:environ_dump"),
                    mount("forms", "/forms", "forms:application", RunningApplication.python()),
                    new String[] {
                      "server.servlet.context-path=/all",
                      "server.forward-headers-strategy=framework",
                      "spring.mvc.servlet.path=/spring",
                      "spring.servlet.multipart.resolve-lazily=true"
                    })
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void theContextPathBeginsTheScriptName() throws Exception {
    assertThat(application.get("/all/annotated/a").body()).isEqualTo("annotated /all/annotated|/a");
  }

  @Test
  void theRootAnswersWhatNothingElseDoes() throws Exception {
    assertThat(application.get("/all/anything/else").body())
        .contains("SCRIPT_NAME='/all'")
        .contains("PATH_INFO='/anything/else'");
    assertThat(application.get("/all/").body())
        .contains("SCRIPT_NAME='/all'")
        .contains("PATH_INFO='/'");
  }

  @Test
  void springMvcHasItsOwnPathBesideTheRoot() throws Exception {
    assertThat(application.get("/all/spring/page").body()).isEqualTo("Spring answers REQUEST");
  }

  @Test
  void forwardedHeadersAreBelievedAsSpringIsTold() throws Exception {
    String environ =
        application
            .send(
                application
                    .request("/all/where")
                    .header("X-Forwarded-Proto", "https")
                    .header("X-Forwarded-Host", "shop.example")
                    .header("X-Forwarded-Prefix", "/front"))
            .body();
    assertThat(environ)
        .contains("wsgi.url_scheme='https'")
        .contains("SERVER_NAME='shop.example'")
        .contains("SERVER_PORT='443'")
        // Spring puts the prefix in the place of the context path.
        .contains("SCRIPT_NAME='/front'")
        .contains("PATH_INFO='/where'");
  }

  @Test
  void anUploadIsForwardedToAMountIfSpringReadsItLazily() throws Exception {
    Uploads.assertArrives(application, "/all/spring/form-to-the-mount");
  }
}
