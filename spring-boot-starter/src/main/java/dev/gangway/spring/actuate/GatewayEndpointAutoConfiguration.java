package dev.gangway.spring.actuate;

import dev.gangway.spring.GatewayAutoConfiguration;
import dev.gangway.spring.GatewayMounts;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The actuator endpoint {@code gangway}. Conditions that belong to the actuator are on the methods:
 * without it there is nobody to evaluate them.
 */
@AutoConfiguration(after = GatewayAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(GatewayMounts.class)
public final class GatewayEndpointAutoConfiguration {

  GatewayEndpointAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  GatewayEndpoint gatewayEndpoint(GatewayMounts mounts) {
    return new GatewayEndpoint(mounts);
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(GatewayEndpoint.class)
  GatewayEndpointWebExtension gatewayEndpointWebExtension(GatewayEndpoint endpoint) {
    return new GatewayEndpointWebExtension(endpoint);
  }
}
