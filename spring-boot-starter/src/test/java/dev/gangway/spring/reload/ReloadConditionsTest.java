package dev.gangway.spring.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.spring.GatewayAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.devtools.classpath.ClassPathRestartStrategy;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** When changed sources replace workers. */
class ReloadConditionsTest {

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  GatewayAutoConfiguration.class, GatewayReloadAutoConfiguration.class));

  @Test
  void sourcesAreWatchedAndTheDevtoolsAskUs() {
    runner.run(
        context ->
            assertThat(context)
                .hasSingleBean(SourceReload.class)
                .getBean(ClassPathRestartStrategy.class)
                .isInstanceOf(SourceRestartStrategy.class));
  }

  @Test
  void sourcesCanBeWatchedWithoutDevtools() {
    runner
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.devtools"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(SourceReload.class)
                    .doesNotHaveBean("gangwayRestartStrategy"));
  }

  @Test
  void nothingWithoutMounts() {
    runner
        .withPropertyValues("gangway.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(SourceReload.class)
                    .doesNotHaveBean(ClassPathRestartStrategy.class));
  }

  @Test
  void theUsersOwnStrategyIsTaken() {
    runner
        .withBean("own", ClassPathRestartStrategy.class, () -> file -> true)
        .run(
            context ->
                assertThat(context).hasSingleBean(ClassPathRestartStrategy.class).hasBean("own"));
  }
}
