package dev.gangway.spring;

import dev.gangway.servlet.GatewayServlet;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.metrics.ApplicationStartup;

/** Mounts gateway applications in a servlet web application. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "gangway.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GatewayProperties.class)
public final class GatewayAutoConfiguration {

  GatewayAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  GatewayMounts gatewayMounts(GatewayProperties properties, ListableBeanFactory beans) {
    return new GatewayMountsFactory(beans).create(properties);
  }

  @Bean
  @ConditionalOnMissingBean
  PythonMountLifecycle pythonMountLifecycle(GatewayMounts mounts, ApplicationStartup startup) {
    return new PythonMountLifecycle(mounts.python(), startup);
  }

  @Bean
  @ConditionalOnMissingBean
  WebSocketLifecycle webSocketLifecycle(
      GatewayMounts mounts, ObjectProvider<GatewayServlet> servlets) {
    return new WebSocketLifecycle(
        () -> Stream.concat(mounts.gatewayServlets().stream(), servlets.stream()).toList());
  }
}
