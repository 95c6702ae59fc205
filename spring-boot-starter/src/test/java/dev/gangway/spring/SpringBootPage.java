package dev.gangway.spring;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What docs/spring-boot.md shows. */
@Configuration(proxyBeanMethods = false)
class SpringBootPage {

  @Bean
  @GatewayMount("/hello")
  GatewayApplication hello() {
    return (environ, startResponse) -> {
      startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
      return ResponseBody.of("Hello, " + environ.pathInfo() + "\n");
    };
  }

  @Bean
  PythonMountCustomizer secret(@Value("${shop.secret}") String secret) {
    return (mount, application) -> {
      if (mount.equals("shop")) {
        application.env(Map.of("SECRET_KEY", secret));
      }
    };
  }
}
