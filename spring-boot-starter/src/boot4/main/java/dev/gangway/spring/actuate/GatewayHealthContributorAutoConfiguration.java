package dev.gangway.spring.actuate;

import dev.gangway.spring.GatewayAutoConfiguration;
import dev.gangway.spring.GatewayMounts;
import dev.gangway.spring.PythonMount;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of each mount; the same file as for Spring Boot 3, but for the imports. */
@AutoConfiguration(after = GatewayAutoConfiguration.class)
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(GatewayMounts.class)
public final class GatewayHealthContributorAutoConfiguration {

  GatewayHealthContributorAutoConfiguration() {}

  @Bean
  @ConditionalOnEnabledHealthIndicator("gangway")
  @ConditionalOnMissingBean(name = {"gangwayHealthIndicator", "gangwayHealthContributor"})
  HealthContributor gangwayHealthContributor(GatewayMounts mounts) {
    Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
    mounts.python().forEach(mount -> indicators.put(mount.name(), () -> health(mount)));
    return CompositeHealthContributor.fromMap(indicators);
  }

  private static Health health(PythonMount mount) {
    MountHealth health = MountHealth.of(mount);
    return Health.status(health.status()).withDetails(health.details()).build();
  }
}
