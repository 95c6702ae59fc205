package dev.gangway.spring;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.autoconfigure.websocket.servlet.TomcatWebSocketServletWebServerCustomizer;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The web servers, of which a test chooses one, since both are on the class path. */
final class Servers {

  private Servers() {}

  @Configuration(proxyBeanMethods = false)
  static class Tomcat {
    @Bean
    TomcatServletWebServerFactory server() {
      return new TomcatServletWebServerFactory();
    }

    /** With both servers on the class path, Spring Boot sets WebSockets up for Jetty alone. */
    @Bean
    TomcatWebSocketServletWebServerCustomizer websocketServletWebServerCustomizer() {
      return new TomcatWebSocketServletWebServerCustomizer();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Jetty {
    @Bean
    JettyServletWebServerFactory server() {
      return new JettyServletWebServerFactory();
    }
  }

  /** Leaves out Spring's error pages. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
  static class WithoutErrorPages {}
}
