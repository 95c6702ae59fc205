package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.metrics.buffering.BufferingApplicationStartup;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.metrics.StartupStep;

class StartupStepsTest {

  @Test
  void theStartOfEachMountIsAStep() {
    BufferingApplicationStartup startup = new BufferingApplicationStartup(2048);
    startup.addFilter(step -> step.getName().startsWith("gangway"));
    SpringApplication application =
        new SpringApplication(RunningApplication.AutoConfigured.class, Servers.Tomcat.class);
    application.setApplicationStartup(startup);
    String[] arguments =
        Stream.of(RunningApplication.fixture("shop", "/shop", "fixtures:hello"))
            .map(property -> "--" + property)
            .toArray(String[]::new);
    try (ConfigurableApplicationContext context = application.run(arguments)) {
      assertThat(context.isRunning()).isTrue();
    }
    List<StartupStep> steps =
        startup.getBufferedTimeline().getEvents().stream()
            .map(event -> event.getStartupStep())
            .toList();
    assertThat(steps).singleElement().matches(step -> step.getName().equals("gangway.mount.start"));
    Map<String, String> tags =
        StreamSupport.stream(steps.get(0).getTags().spliterator(), false)
            .collect(Collectors.toMap(StartupStep.Tag::getKey, StartupStep.Tag::getValue));
    assertThat(tags)
        .containsEntry("mount", "shop")
        .containsEntry("application", "fixtures:hello")
        .containsEntry("workers", "1");
  }
}
