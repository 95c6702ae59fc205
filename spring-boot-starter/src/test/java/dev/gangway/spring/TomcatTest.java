package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.conformance.Pythons;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

class TomcatTest {

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  @Test
  void servesAPythonApplication() throws Exception {
    try (ConfigurableApplicationContext context =
        SpringApplication.run(
            Application.class,
            "--server.port=0",
            "--server.servlet.context-path=/all",
            "--gangway.mounts.shop.path=/shop",
            "--gangway.mounts.shop.application=fixtures:environ_dump",
            "--gangway.mounts.shop.chdir=" + Pythons.fixtures(),
            "--gangway.mounts.shop.python=" + Pythons.interpreter(),
            "--gangway.mounts.shop.workers=1")) {
      String port = context.getEnvironment().getProperty("local.server.port");
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/all/shop/a"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("SCRIPT_NAME='/all/shop'").contains("PATH_INFO='/a'");
    }
  }
}
