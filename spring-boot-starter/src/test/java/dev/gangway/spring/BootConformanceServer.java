package dev.gangway.spring;

import dev.gangway.GatewayApplication;
import dev.gangway.conformance.ConformanceServer;
import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/** A Spring Boot application, whose server reads paths as Boot configures it. */
final class BootConformanceServer implements ConformanceServer {

  private final Class<?> server;
  private AutoCloseable running = () -> {};

  BootConformanceServer(Class<?> server) {
    this.server = server;
  }

  @Override
  public int start(Map<String, GatewayApplication> mounts) {
    return start(
        "",
        context ->
            mounts.forEach(
                (path, application) ->
                    context.registerBean(
                        "mount " + path,
                        GatewayRegistrationBean.class,
                        () ->
                            new GatewayRegistrationBean(application, path.isEmpty() ? "/" : path) {
                              @Override
                              public String getServletName() {
                                return "mount " + path;
                              }
                            })));
  }

  @Override
  public int start(String contextPath, ServletContainerInitializer setup) {
    return start(
        contextPath,
        context ->
            context.registerBean(
                ServletContextInitializer.class,
                () -> servlets -> setup.onStartup(Set.of(), servlets)));
  }

  private int start(
      String contextPath, ApplicationContextInitializer<GenericApplicationContext> beans) {
    RunningApplication application =
        RunningApplication.start(
            server,
            List.of(Servers.WithoutErrorPages.class),
            beans,
            "spring.mvc.servlet.path=/spring",
            "server.servlet.context-path=" + contextPath);
    running = application;
    return application.port();
  }

  /** Both refuse an escaped slash and what is not UTF-8. */
  @Override
  public boolean refuses(String target) {
    String path = target.replaceFirst("\\?.*", "");
    return path.contains("%2F") || path.contains("%FF") || path.endsWith("%E2%82");
  }

  /** Boot 3 has Jetty 12.0. */
  @Override
  public boolean upgradesAnyTarget() {
    return server != Servers.Jetty.class || !SpringBootVersion.getVersion().startsWith("3.");
  }

  @Override
  public void close() throws Exception {
    running.close();
  }
}
