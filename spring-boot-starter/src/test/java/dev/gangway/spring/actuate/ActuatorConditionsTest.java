package dev.gangway.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.spring.GatewayAutoConfiguration;
import dev.gangway.spring.GatewayMounts;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When there is an endpoint and a health contributor. */
class ActuatorConditionsTest {

  private static final String HEALTH = "gangwayHealthContributor";

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withPropertyValues("management.endpoints.web.exposure.include=gangway")
          .withConfiguration(
              AutoConfigurations.of(
                  GatewayAutoConfiguration.class,
                  GatewayEndpointAutoConfiguration.class,
                  GatewayHealthContributorAutoConfiguration.class));

  @Test
  void thereIsAnEndpointAndAHealthContributor() {
    runner.run(
        context ->
            assertThat(context)
                .hasSingleBean(GatewayEndpoint.class)
                .hasSingleBean(GatewayEndpointWebExtension.class)
                .hasBean(HEALTH));
  }

  @Test
  void noEndpointThatIsNotExposed() {
    runner
        .withPropertyValues("management.endpoints.web.exposure.include=info")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(GatewayEndpoint.class)
                    .doesNotHaveBean(GatewayEndpointWebExtension.class));
  }

  @Test
  void noEndpointWithoutAccess() {
    runner
        .withPropertyValues("management.endpoint.gangway.access=NONE")
        .run(context -> assertThat(context).doesNotHaveBean(GatewayEndpoint.class));
  }

  @Test
  void noHealthThatIsTurnedOff() {
    runner
        .withPropertyValues("management.health.gangway.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HEALTH));
  }

  @Test
  void neitherWithoutMounts() {
    runner
        .withPropertyValues("gangway.enabled=false")
        .run(
            context ->
                assertThat(context).doesNotHaveBean(GatewayEndpoint.class).doesNotHaveBean(HEALTH));
  }

  @Test
  void neitherWithoutTheActuator() {
    runner
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.boot.actuate", "org.springframework.boot.health"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(GatewayMounts.class)
                    .doesNotHaveBean("gatewayEndpoint")
                    .doesNotHaveBean(HEALTH));
  }

  @Test
  void theUsersOwnBeansAreTaken() {
    runner
        .withUserConfiguration(Own.class)
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(GatewayEndpoint.class)
                    .hasBean("ownEndpoint")
                    .doesNotHaveBean(HEALTH));
  }

  @Configuration(proxyBeanMethods = false)
  static class Own {
    @Bean
    GatewayEndpoint ownEndpoint(GatewayMounts mounts) {
      return new GatewayEndpoint(mounts);
    }

    @Bean
    String gangwayHealthIndicator() {
      return "own";
    }
  }
}
