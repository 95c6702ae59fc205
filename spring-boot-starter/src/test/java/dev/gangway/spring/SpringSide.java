package dev.gangway.spring;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What lives beside the mounts. */
@Configuration(proxyBeanMethods = false)
@Import(SpringSide.Pages.class)
class SpringSide {

  /** Whether a request was answered asynchronously, by its path. */
  static final Map<String, Boolean> ASYNCHRONOUS = new ConcurrentHashMap<>();

  @Controller
  static class Pages {

    @RequestMapping("/page")
    ResponseEntity<String> page(HttpServletRequest request) {
      return ResponseEntity.ok("Spring answers " + request.getDispatcherType());
    }

    @RequestMapping("/to-the-mount")
    String forward() {
      return "forward:/shop/environ_dump/inner?added=1";
    }

    @RequestMapping("/form-to-the-mount")
    String forwardForm() {
      return "forward:/forms/form";
    }
  }

  @Bean
  @GatewayMount("/annotated")
  GatewayApplication annotated() {
    return says("annotated");
  }

  @Bean
  GatewayRegistrationBean registered() {
    return new GatewayRegistrationBean(says("registered"), "/registered");
  }

  @Bean
  GatewayApplication named() {
    return says("named");
  }

  static GatewayApplication says(String what) {
    return (environ, startResponse) -> {
      startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
      return ResponseBody.of(what + " " + environ.scriptName() + "|" + environ.pathInfo());
    };
  }

  /** Notes how requests are answered, and takes some from a mount to Spring. */
  @Bean
  FilterRegistrationBean<Filter> between() {
    FilterRegistrationBean<Filter> registration =
        new FilterRegistrationBean<>(
            (request, response, chain) -> {
              String uri = ((HttpServletRequest) request).getRequestURI();
              if (uri.endsWith("/to-spring")) {
                request.getRequestDispatcher("/page").forward(request, response);
              } else {
                chain.doFilter(request, response);
                ASYNCHRONOUS.put(uri, request.isAsyncStarted());
              }
            });
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD));
    return registration;
  }
}
