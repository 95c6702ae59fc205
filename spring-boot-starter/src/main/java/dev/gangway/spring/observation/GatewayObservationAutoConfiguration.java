package dev.gangway.spring.observation;

import dev.gangway.spring.GatewayAutoConfiguration;
import dev.gangway.spring.GatewayMounts;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.servlet.DispatcherType;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** Names of the mounts in Spring's observations of requests, and traces that go on in Python. */
@AutoConfiguration(
    after = GatewayAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
      "org.springframework.boot.micrometer.tracing.autoconfigure"
          + ".MicrometerTracingAutoConfiguration",
      "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure"
          + ".OpenTelemetryTracingAutoConfiguration",
      "org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.tracing.BraveAutoConfiguration"
    })
@ConditionalOnClass({ObservationRegistry.class, ServerHttpObservationFilter.class})
@ConditionalOnBean({GatewayMounts.class, ObservationRegistry.class})
public final class GatewayObservationAutoConfiguration {

  GatewayObservationAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "gangwayObservationFilter")
  FilterRegistrationBean<MountObservationFilter> gangwayObservationFilter(
      GatewayMounts mounts, ObjectProvider<TraceHeaders> traces) {
    Set<String> mappings = new LinkedHashSet<>();
    mounts.all().forEach(mount -> mappings.addAll(mount.getUrlMappings()));
    FilterRegistrationBean<MountObservationFilter> registration =
        new FilterRegistrationBean<>(new MountObservationFilter(mappings, traces.getIfAvailable()));
    // Of a filter, "/" means that path alone.
    registration.setUrlPatterns(
        mappings.stream().map(mapping -> mapping.equals("/") ? "/*" : mapping).toList());
    registration.setEnabled(!mappings.isEmpty());
    registration.setDispatcherTypes(
        DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.INCLUDE);
    // Right behind Spring's own, so that requests that others refuse have a name, too.
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
    return registration;
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Tracer.class, Propagator.class})
  static class Tracing {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean({Tracer.class, Propagator.class})
    TraceHeaders gangwayTraceHeaders(Tracer tracer, Propagator propagator) {
      return new TraceHeaders(tracer, propagator);
    }
  }
}
