package dev.gangway.spring;

import dev.gangway.python.PythonSetting;
import dev.gangway.python.conformance.PythonMount;
import dev.gangway.python.conformance.PythonServer;
import dev.gangway.python.conformance.ServerLog;
import jakarta.servlet.Filter;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/** A Spring Boot application for the tests that every server passes. */
final class BootServer implements PythonServer {

  private final RunningApplication application;

  private BootServer(RunningApplication application) {
    this.application = application;
  }

  static PythonServer start(Class<?> server, PythonMount mount) {
    List<String> properties = new ArrayList<>(List.of("spring.mvc.servlet.path=/spring"));
    for (String prefix : mount.prefixes()) {
      String name = "gangway.mounts.mount" + properties.size() + ".";
      properties.add(name + "path=" + prefix);
      mount.settings().forEach((setting, value) -> properties.add(property(name, setting, value)));
    }
    return new BootServer(
        RunningApplication.start(
            server,
            // A client that cut its request short would get Spring's error page.
            List.of(Servers.WithoutErrorPages.class),
            filters(mount.filters()),
            properties.toArray(String[]::new)));
  }

  private static String property(String name, PythonSetting setting, String value) {
    return setting == PythonSetting.ENV
        ? name + "env." + value
        : name + setting.settingName() + "=" + value;
  }

  private static ApplicationContextInitializer<GenericApplicationContext> filters(
      List<Class<? extends Filter>> filters) {
    return context -> {
      for (Class<? extends Filter> filter : filters) {
        context.registerBean(
            filter.getSimpleName(),
            FilterRegistrationBean.class,
            () -> {
              try {
                return new FilterRegistrationBean<>(filter.getConstructor().newInstance());
              } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
              }
            });
      }
    };
  }

  @Override
  public int port() {
    return application.port();
  }

  @Override
  public ServerLog log(String logger) {
    return ServerLog.of(logger);
  }

  @Override
  public void close() {
    application.close();
  }
}
