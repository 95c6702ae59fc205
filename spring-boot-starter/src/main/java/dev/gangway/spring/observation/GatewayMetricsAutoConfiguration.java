package dev.gangway.spring.observation;

import dev.gangway.spring.GatewayAutoConfiguration;
import dev.gangway.spring.GatewayMounts;
import dev.gangway.spring.PythonMountCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Meters of the mounts, where there is a registry. {@code management.metrics.enable.gangway=false}
 * turns them off, as it does with any meters, and then nothing is measured.
 */
@AutoConfiguration(
    after = GatewayAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure"
          + ".CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.metrics"
          + ".CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({GatewayMounts.class, MeterRegistry.class})
@ConditionalOnBooleanProperty(name = "management.metrics.enable.gangway", matchIfMissing = true)
public final class GatewayMetricsAutoConfiguration {

  GatewayMetricsAutoConfiguration() {}

  /** Asks for the registry when a mount starts: mounts are known before there is a registry. */
  @Bean
  @ConditionalOnMissingBean(name = "gangwayMountMeters")
  PythonMountCustomizer gangwayMountMeters(ObjectProvider<MeterRegistry> registry) {
    return (mount, application) ->
        application.listener(new MountMeters(registry.getObject(), mount));
  }

  @Bean
  @ConditionalOnMissingBean
  MountGauges gangwayMountGauges(GatewayMounts mounts) {
    return new MountGauges(mounts.python());
  }
}
