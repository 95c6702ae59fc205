package dev.gangway.spring;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells clients which span their request was handled in. */
@Configuration(proxyBeanMethods = false)
class Traces {

  static final String TRACE = "X-Trace";
  static final String SPAN = "X-Span";

  @Bean
  FilterRegistrationBean<Filter> tellsTheSpan(Tracer tracer) {
    return new FilterRegistrationBean<>(
        (request, response, chain) -> {
          Span span = tracer.currentSpan();
          if (span != null) {
            HttpServletResponse answer = (HttpServletResponse) response;
            answer.setHeader(TRACE, span.context().traceId());
            answer.setHeader(SPAN, span.context().spanId());
          }
          chain.doFilter(request, response);
        });
  }
}
