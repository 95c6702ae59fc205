package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.MappingMatch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletMapping;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.context.WebApplicationContext;

class GatewayRequestTest {

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    @GatewayMount("/shop")
    GatewayApplication shop() {
      return (environ, startResponse) -> ResponseBody.of("");
    }
  }

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  GatewayAutoConfiguration.class, GatewaySecurityAutoConfiguration.class))
          .withUserConfiguration(Beans.class);

  private static boolean matches(
      RequestMatcher matcher, WebApplicationContext context, String servlet) {
    ServletContext servletContext = context.getServletContext();
    servletContext.setAttribute(
        WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE, context);
    MockHttpServletRequest request = new MockHttpServletRequest(servletContext);
    request.setHttpServletMapping(new MockHttpServletMapping("", "", servlet, MappingMatch.PATH));
    return matcher.matches(request);
  }

  @Test
  void matchesTheServletOfAMount() {
    runner.run(
        context -> {
          assertThat(matches(GatewayRequest.toMounts(), context, "shop")).isTrue();
          assertThat(matches(GatewayRequest.toMounts(), context, "dispatcherServlet")).isFalse();
          assertThat(matches(GatewayRequest.toMount("shop"), context, "shop")).isTrue();
          assertThat(matches(GatewayRequest.toMount("shop"), context, "default")).isFalse();
        });
  }

  @Test
  void matchesTheStaticFilesOfAMount(@TempDir Path folder) {
    runner
        .withPropertyValues(
            "gangway.mounts.tea.path=/shop/tea",
            "gangway.mounts.tea.bean=shop",
            "gangway.mounts.tea.static-map.static=" + folder)
        .run(
            context -> {
              assertThat(matches(GatewayRequest.toMount("tea"), context, "tea-static")).isTrue();
              assertThat(matches(GatewayRequest.toMount("shop"), context, "tea-static")).isFalse();
              assertThat(matches(GatewayRequest.toMounts(), context, "tea-static")).isTrue();
            });
  }

  @Test
  void tellsOfANameThatIsWrong() {
    runner.run(
        context ->
            assertThatThrownBy(() -> matches(GatewayRequest.toMount("shpo"), context, "shop"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[shpo]")
                .hasMessageContaining("[shop]"));
  }

  @Test
  void matchesNothingWhenNothingIsMounted() {
    runner
        .withPropertyValues("gangway.enabled=false")
        .run(
            context ->
                assertThat(matches(GatewayRequest.toMount("shop"), context, "shop")).isFalse());
  }

  @Test
  void anApplicationCanBackOffFromThePrincipal() {
    runner
        .withBean(
            "principalEnvironCustomizer",
            MountEnvironCustomizer.class,
            () -> (mount, environ, request) -> {})
        .run(
            context ->
                assertThat(context.getBean(MountEnvironCustomizer.class))
                    .isNotInstanceOf(PrincipalEnviron.class));
    runner.run(
        context ->
            assertThat(context.getBean(MountEnvironCustomizer.class))
                .isInstanceOf(PrincipalEnviron.class));
  }
}
