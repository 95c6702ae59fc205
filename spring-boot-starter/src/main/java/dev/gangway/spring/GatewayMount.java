package dev.gangway.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Mounts a {@link dev.gangway.GatewayApplication} bean: on its class, or on the method that makes
 * it.
 *
 * <pre>{@code
 * @Bean
 * @GatewayMount("/hello")
 * GatewayApplication hello() { ... }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface GatewayMount {

  /**
   * Where the application is mounted.
   *
   * @return a path below the context path, such as {@code /hello}; {@code /} is the root
   */
  String value();
}
