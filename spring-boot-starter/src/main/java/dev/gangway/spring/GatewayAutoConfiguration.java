package dev.gangway.spring;

import dev.gangway.GatewayMiddleware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Mounts gateway applications in a servlet web application. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "gangway.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GatewayProperties.class)
public final class GatewayAutoConfiguration {

  GatewayAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  GatewayMounts gatewayMounts(
      GatewayProperties properties,
      ListableBeanFactory beans,
      ObjectProvider<PythonMountCustomizer> customizers,
      ObjectProvider<GatewayRegistrationBean> registrations,
      ObjectProvider<GatewayMiddleware> middleware) {
    return new GatewayMountsFactory(beans, customizers.orderedStream().toList())
        .create(
            properties,
            registrations.orderedStream().toList(),
            middleware.orderedStream().toList());
  }

  @Bean
  @ConditionalOnMissingBean
  PythonMountLifecycle pythonMountLifecycle(GatewayMounts mounts) {
    return new PythonMountLifecycle(mounts.python());
  }
}
