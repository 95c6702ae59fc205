package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.fixture;
import static dev.gangway.spring.RunningApplication.mount;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.CommonsRequestLoggingFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Spring's filters that keep bodies, in front of a mount. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FilterTests {

  @Configuration(proxyBeanMethods = false)
  static class Filters {
    @Bean
    ShallowEtagHeaderFilter etags() {
      return new ShallowEtagHeaderFilter();
    }

    @Bean
    CommonsRequestLoggingFilter logging() {
      CommonsRequestLoggingFilter filter = new CommonsRequestLoggingFilter();
      filter.setIncludePayload(true);
      return filter;
    }
  }

  private final Class<?> server;
  private RunningApplication application;

  FilterTests(Class<?> server) {
    this.server = server;
  }

  @BeforeAll
  void start() {
    application =
        RunningApplication.start(
            server,
            List.of(Filters.class),
            Stream.of(
                    fixture("shop", "/shop", "fixtures:by_path"),
                    mount("forms", "/forms", "forms:application", RunningApplication.python()),
                    new String[] {
                      "logging.level.org.springframework.web.filter.CommonsRequestLoggingFilter=debug"
                    })
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void aResponseThatAFilterKeepsArrives() throws Exception {
    HttpResponse<String> response = application.get("/shop/large?1000");
    assertThat(response.body()).hasSize(1000);
    String tag = response.headers().firstValue("ETag").orElseThrow();
    assertThat(
            application
                .send(application.request("/shop/large?1000").header("If-None-Match", tag))
                .statusCode())
        .isEqualTo(304);
  }

  @Test
  void aLargeResponseThatAFilterKeepsArrives() throws Exception {
    assertThat(application.get("/shop/large?300000").body()).hasSize(300_000);
  }

  @Test
  void aFormThatAFilterKeepsArrives() throws Exception {
    String type = "application/x-www-form-urlencoded";
    assertThat(
            application
                .send(
                    application
                        .request("/forms/form")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString("a=1&b=%C3%A6")))
                .body())
        .isEqualTo("POST\n" + type + "\na=1\nb=æ");
  }

  @Test
  void anUploadThatAFilterKeepsArrives() throws Exception {
    Uploads.assertArrives(application, "/forms/form");
  }
}
