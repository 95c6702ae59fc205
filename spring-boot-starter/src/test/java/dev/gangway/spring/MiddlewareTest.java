package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.fixture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GatewayMiddleware;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Middleware beans are around every mount. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MiddlewareTest {

  @Configuration(proxyBeanMethods = false)
  static class Middleware {
    @Bean
    @Order(2)
    GatewayMiddleware inner() {
      return adds("inner");
    }

    @Bean
    @Order(1)
    GatewayMiddleware outer() {
      return adds("outer");
    }

    private static GatewayMiddleware adds(String word) {
      return application ->
          (environ, startResponse) -> {
            String key = "gangway.test";
            Object before = environ.get(key);
            environ.put(key, before == null ? word : before + " " + word);
            environ.put("PATH_INFO", environ.pathInfo() + "/" + environ.get(key));
            return application.call(environ, startResponse);
          };
    }
  }

  private RunningApplication application;

  @BeforeAll
  void start() {
    application =
        RunningApplication.start(
            Servers.Tomcat.class,
            List.of(SpringSide.class, Middleware.class),
            fixture("shop", "/shop", "fixtures:environ_dump"));
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void aroundAPythonApplication() throws Exception {
    assertThat(application.get("/shop").body()).contains("PATH_INFO='/outer/outer inner'");
  }

  @Test
  void aroundBeans() throws Exception {
    assertThat(application.get("/annotated").body())
        .isEqualTo("annotated /annotated|/outer/outer inner");
    assertThat(application.get("/registered").body())
        .isEqualTo("registered /registered|/outer/outer inner");
  }
}
