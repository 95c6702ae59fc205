package dev.gangway.spring;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;

/** What docs/spring-boot.md shows of Spring Security. */
@Configuration(proxyBeanMethods = false)
class SecurityPage {

  interface Member {
    String email();
  }

  @Bean
  SecurityFilterChain rules(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(
            rules ->
                rules
                    .requestMatchers("/shop/admin/**")
                    .hasRole("ADMIN")
                    .requestMatchers(GatewayRequest.toMount("shop"))
                    .authenticated()
                    .anyRequest()
                    .permitAll())
        .csrf(csrf -> csrf.ignoringRequestMatchers(GatewayRequest.toMount("shop")))
        .formLogin(Customizer.withDefaults())
        .build();
  }

  @Bean
  MountEnvironCustomizer email() {
    return (mount, environ, request) -> {
      if (request.getUserPrincipal() instanceof Authentication user
          && user.getPrincipal() instanceof Member member) {
        environ.putText("example.email", member.email());
      }
    };
  }
}
