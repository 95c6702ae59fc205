package dev.gangway.spring;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.List;
import org.springframework.boot.web.servlet.ServletContextInitializer;

/**
 * Everything that is mounted: by the properties, by {@link GatewayMount} and by beans of type
 * {@link GatewayRegistrationBean}.
 */
public final class GatewayMounts implements ServletContextInitializer {

  private final List<GatewayRegistrationBean> all;
  private final List<GatewayRegistrationBean> own;

  GatewayMounts(List<GatewayRegistrationBean> all, List<GatewayRegistrationBean> own) {
    this.all = all;
    this.own = own;
  }

  /**
   * All mounts; {@link GatewayRegistrationBean#getServletName} of a mount of the properties is its
   * name.
   *
   * @return in the order of their definition
   */
  public List<GatewayRegistrationBean> all() {
    return all;
  }

  /**
   * The mounts of Python applications by the properties.
   *
   * @return in the order of their definition
   */
  public List<PythonMount> python() {
    return all.stream()
        .map(GatewayRegistrationBean::getApplication)
        .filter(PythonMount.class::isInstance)
        .map(PythonMount.class::cast)
        .toList();
  }

  @Override
  public void onStartup(ServletContext context) throws ServletException {
    for (GatewayRegistrationBean registration : own) {
      registration.onStartup(context);
    }
  }
}
