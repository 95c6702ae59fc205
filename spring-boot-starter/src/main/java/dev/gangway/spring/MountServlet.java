package dev.gangway.spring;

import dev.gangway.GatewayApplication;
import dev.gangway.servlet.EnvironCustomizer;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.WebUtils;

/**
 * Answers on the container's thread where a filter in front keeps the response, as Spring's {@code
 * ShallowEtagHeaderFilter} does and many that log: such a filter sends it when the filter chain
 * returns, and what comes later is lost.
 */
final class MountServlet extends GatewayServlet {

  private static final long serialVersionUID = 1L;

  private final transient GatewayServlet blocking;

  MountServlet(GatewayApplication application, EnvironCustomizer customizer) {
    super(application, customizer);
    // No ExchangeApplication, whatever the application is.
    blocking =
        new GatewayServlet(
            (environ, startResponse) -> application.call(environ, startResponse), customizer);
  }

  @Override
  public void service(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    if (WebUtils.getNativeResponse(response, ContentCachingResponseWrapper.class) == null) {
      super.service(request, response);
    } else {
      blocking.service(request, response);
    }
  }
}
