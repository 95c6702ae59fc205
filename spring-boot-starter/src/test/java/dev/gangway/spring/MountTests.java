package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.fixture;
import static dev.gangway.spring.RunningApplication.mount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Mounts and Spring in one application, in each web server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MountTests {

  private static final String FORM = "application/x-www-form-urlencoded";

  private final Class<?> server;
  private RunningApplication application;

  MountTests(Class<?> server) {
    this.server = server;
  }

  @BeforeAll
  void start() {
    application =
        RunningApplication.start(
            server,
            List.of(SpringSide.class),
            Stream.of(
                    fixture("shop", "/shop", "fixtures:by_path"),
                    fixture("inner", "/shop/inner", "fixtures:environ_dump"),
                    mount("forms", "/forms/", "forms:application", RunningApplication.python()),
                    new String[] {
                      "gangway.mounts.named.path=/named",
                      "gangway.mounts.named.bean=named",
                      "gangway.mounts.off.path=/off",
                      "gangway.mounts.off.enabled=false",
                      "spring.mvc.hiddenmethod.filter.enabled=true"
                    })
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    application.close();
  }

  private HttpResponse<String> form(String method, String path, String type, String body)
      throws Exception {
    return application.send(
        application
            .request(path)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body)));
  }

  @Test
  void thePathIsSplitWhereTheMountIs() throws Exception {
    HttpResponse<String> response = application.get("/shop/environ_dump/a%20b/%C3%A6?d=e");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("SCRIPT_NAME='/shop/environ_dump'")
        .contains("PATH_INFO='/a b/Ã¦'")
        .contains("QUERY_STRING='d=e'");
  }

  @Test
  void theLongestPathWins() throws Exception {
    assertThat(application.get("/shop/inner/x").body())
        .contains("SCRIPT_NAME='/shop/inner'")
        .contains("PATH_INFO='/x'");
  }

  @Test
  void noThreadIsHeldWhilePythonAnswers() throws Exception {
    application.get("/shop/hello");
    assertThat(SpringSide.ASYNCHRONOUS).containsEntry("/shop/hello", true);
  }

  @Test
  void beansAreMountedByAnnotationByRegistrationAndByName() throws Exception {
    assertThat(application.get("/annotated/a").body()).isEqualTo("annotated /annotated|/a");
    assertThat(application.get("/registered").body()).isEqualTo("registered /registered|");
    assertThat(application.get("/named/").body()).isEqualTo("named /named|/");
  }

  @Test
  void aMountThatIsOffLeavesItsPathToSpring() throws Exception {
    assertThat(application.get("/off").statusCode()).isEqualTo(404);
  }

  @Test
  void controllersAndStaticResourcesAnswerBesideTheMounts() throws Exception {
    assertThat(application.get("/page").body()).isEqualTo("Spring answers REQUEST");
    assertThat(application.get("/robots.txt").body()).startsWith("User-agent");
    assertThat(application.get("/missing").body()).doesNotContain("moored");
  }

  @Test
  void aControllerForwardsToAMount() throws Exception {
    HttpResponse<String> response = application.get("/to-the-mount?given=2");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("SCRIPT_NAME='/shop/environ_dump'")
        .contains("PATH_INFO='/inner'")
        .contains("QUERY_STRING='added=1");
  }

  @Test
  void aFormIsForwardedToAMount() throws Exception {
    assertThat(form("POST", "/form-to-the-mount", FORM, "a=1&b=%C3%A6").body())
        .isEqualTo("POST\n" + FORM + "\na=1\nb=æ");
  }

  @Test
  void aMountsRequestIsForwardedToAController() throws Exception {
    assertThat(application.get("/shop/to-spring").body()).isEqualTo("Spring answers FORWARD");
  }

  @Test
  void aFormReachesTheApplicationBehindSpringsFilters() throws Exception {
    assertThat(form("POST", "/forms/form?q=0", FORM, "a=1&b=%C3%A6&a=2&q=3").body())
        .isEqualTo("POST\n" + FORM + "\na=1,2\nb=æ\nq=3");
  }

  @Test
  void aFormOfAnotherMethodReachesTheApplication() throws Exception {
    assertThat(form("PUT", "/forms/form", FORM, "a=1&b=%C3%A6").body())
        .isEqualTo("PUT\n" + FORM + "\na=1\nb=æ");
  }

  @Test
  void aHiddenMethodLeavesTheFormAsItIs() throws Exception {
    assertThat(form("POST", "/forms/form", FORM, "_method=PATCH&a=1").body())
        .isEqualTo("PATCH\n" + FORM + "\n_method=PATCH\na=1");
  }

  @Test
  void anUploadReachesTheApplication() throws Exception {
    Uploads.assertArrives(application, "/forms/form");
  }

  @Test
  void theApplicationsOwnErrorPagesStay() throws Exception {
    HttpResponse<String> missing = application.get("/forms/nothing");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).isEqualTo("Nothing moored at /forms/nothing");
    HttpResponse<String> failed = application.get("/forms/fails");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).isEqualTo("We are sorry");
  }

  @Test
  void aFailedApplicationIsNotSpringsErrorPage() throws Exception {
    HttpResponse<String> failed = application.get("/shop/raises");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).isEqualTo("Internal Server Error\n");
  }

  @Test
  void aFailureInMidResponseBreaksTheConnection() {
    assertThatThrownBy(() -> application.get("/shop/raises_later")).isInstanceOf(IOException.class);
  }

  @Test
  void largeResponsesArriveAsAWhole() throws Exception {
    assertThat(application.get("/shop/large?3000000").body()).hasSize(3_000_000);
  }
}
