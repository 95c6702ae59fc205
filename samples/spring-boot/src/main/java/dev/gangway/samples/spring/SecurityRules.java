package dev.gangway.samples.spring;

import dev.gangway.spring.GatewayRequest;
import dev.gangway.spring.MountEnvironCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;

/** Who may see what, in Java and in Django. */
@Configuration(proxyBeanMethods = false)
class SecurityRules {

  @Bean
  SecurityFilterChain rules(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(
            rules ->
                rules
                    .requestMatchers("/", "/login", "/error", "/desk.css")
                    .permitAll()
                    .requestMatchers("/site/admin/**")
                    .hasRole("ADMIN")
                    .anyRequest()
                    .authenticated())
        // Django's forms have tokens of their own.
        .csrf(csrf -> csrf.ignoringRequestMatchers(GatewayRequest.toMount("site")))
        .formLogin(form -> form.loginPage("/login"))
        .logout(logout -> logout.logoutSuccessUrl("/"))
        .build();
  }

  /** Passwords for a demonstration, which everybody may read. */
  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(
        User.withUsername("kari").password("{noop}gangway").roles("USER").build(),
        User.withUsername("admin").password("{noop}gangway").roles("USER", "ADMIN").build());
  }

  /** What Django's pages need for a button that logs out here. */
  @Bean
  MountEnvironCustomizer logoutButton() {
    return (mount, environ, request) -> {
      if (request.getUserPrincipal() != null
          && request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token) {
        environ.putText("harbour.logout_url", request.getContextPath() + "/logout");
        environ.putText("harbour.logout_parameter", token.getParameterName());
        environ.putText("harbour.logout_token", token.getToken());
      }
    };
  }
}
