package dev.gangway.spring.reload;

import dev.gangway.spring.GatewayAutoConfiguration;
import dev.gangway.spring.GatewayMounts;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.devtools.autoconfigure.DevToolsProperties;
import org.springframework.boot.devtools.classpath.ClassPathRestartStrategy;
import org.springframework.boot.devtools.classpath.PatternClassPathRestartStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** New workers for changed sources, in place of a new JVM. */
@AutoConfiguration(
    after = GatewayAutoConfiguration.class,
    beforeName = "org.springframework.boot.devtools.autoconfigure.LocalDevToolsAutoConfiguration")
@ConditionalOnBean(GatewayMounts.class)
public final class GatewayReloadAutoConfiguration {

  GatewayReloadAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  SourceReload gangwaySourceReload(GatewayMounts mounts, Environment environment) {
    return new SourceReload(SourceFolders.of(mounts, environment));
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({ClassPathRestartStrategy.class, DevToolsProperties.class})
  static class DevTools {

    @Bean
    @ConditionalOnMissingBean
    ClassPathRestartStrategy gangwayRestartStrategy(GatewayMounts mounts, Environment environment) {
      DevToolsProperties properties =
          Binder.get(environment).bindOrCreate("spring.devtools", DevToolsProperties.class);
      return new SourceRestartStrategy(
          SourceFolders.of(mounts, environment).values().stream().flatMap(List::stream).toList(),
          new PatternClassPathRestartStrategy(properties.getRestart().getAllExclude()));
    }
  }
}
