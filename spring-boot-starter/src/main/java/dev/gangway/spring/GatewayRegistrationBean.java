package dev.gangway.spring;

import dev.gangway.GatewayApplication;
import dev.gangway.GatewayMiddleware;
import dev.gangway.servlet.EnvironCustomizer;
import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.List;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

/**
 * Mounts a gateway application in the servlet container, for what the properties and {@link
 * GatewayMount} have no word for.
 *
 * <pre>{@code
 * @Bean
 * GatewayRegistrationBean hello(HelloApplication application) {
 *   return new GatewayRegistrationBean(application, "/hello");
 * }
 * }</pre>
 */
public class GatewayRegistrationBean extends ServletRegistrationBean<GatewayServlet> {

  private final GatewayApplication application;
  private final String path;
  private List<GatewayMiddleware> middleware = List.of();
  private List<MountEnvironCustomizer> environCustomizers = List.of();

  /**
   * Mounts an application.
   *
   * @param application answers for the path and all below it
   * @param path below the context path, such as {@code /hello}; {@code /} is the root
   * @throws IllegalArgumentException if the path is malformed
   */
  public GatewayRegistrationBean(GatewayApplication application, String path) {
    this.application = application;
    this.path = MountPath.of(path);
    addUrlMappings(this.path.isEmpty() ? "/" : this.path + "/*");
    setLoadOnStartup(1);
  }

  /**
   * What is mounted.
   *
   * @return the application without middleware
   */
  public final GatewayApplication getApplication() {
    return application;
  }

  /**
   * Where it is mounted.
   *
   * @return a path below the context path, without a slash at its end; empty for the root
   */
  public final String getPath() {
    return path;
  }

  /**
   * Sets what is around the application; the auto-configuration sets the {@link GatewayMiddleware}
   * beans in their order.
   *
   * @param middleware the first is outermost
   */
  public void setMiddleware(List<GatewayMiddleware> middleware) {
    this.middleware = List.copyOf(middleware);
  }

  /**
   * Sets what tells the application more about a request; the auto-configuration sets the {@link
   * MountEnvironCustomizer} beans in their order.
   *
   * @param environCustomizers the first is called first
   */
  public void setEnvironCustomizers(List<MountEnvironCustomizer> environCustomizers) {
    this.environCustomizers = List.copyOf(environCustomizers);
  }

  @Override
  public String getServletName() {
    return getOrDeduceName(application);
  }

  @Override
  protected String getDescription() {
    return "gateway application " + getServletName();
  }

  @Override
  protected ServletRegistration.Dynamic addRegistration(
      String description, ServletContext context) {
    if (application instanceof PythonMount mount) {
      mount.mountedAt(context.getContextPath() + path);
    }
    GatewayServlet servlet =
        new MountServlet(
            application.with(middleware.toArray(GatewayMiddleware[]::new)), environCustomizer());
    setServlet(servlet);
    return context.addServlet(getServletName(), servlet);
  }

  private EnvironCustomizer environCustomizer() {
    String name = getServletName();
    EnvironCustomizer all = EnvironCustomizer.NONE;
    for (MountEnvironCustomizer customizer : environCustomizers) {
      all = all.andThen((environ, request) -> customizer.customize(name, environ, request));
    }
    return all;
  }
}
