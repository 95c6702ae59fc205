package dev.gangway.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.Authentication;

/** Tells mounted applications of Spring Security's user. */
@AutoConfiguration
@ConditionalOnClass(Authentication.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class GatewaySecurityAutoConfiguration {

  GatewaySecurityAutoConfiguration() {}

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  @ConditionalOnMissingBean(name = "principalEnvironCustomizer")
  MountEnvironCustomizer principalEnvironCustomizer() {
    return new PrincipalEnviron();
  }
}
