package dev.gangway.spring;

import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

/**
 * Everything that is mounted: by the properties, by {@link GatewayMount} and by beans of type
 * {@link GatewayRegistrationBean}.
 */
public final class GatewayMounts implements ServletContextInitializer {

  private final List<GatewayRegistrationBean> all;
  private final List<ServletRegistrationBean<?>> own;
  private final ObjectProvider<ServletRegistrationBean<?>> servlets;

  /**
   * What is mounted.
   *
   * @param all in the order of their definition
   * @param own those of them that are no beans, so that nobody else registers them, and the folders
   *     of static files
   * @param servlets the servlets beside them
   */
  GatewayMounts(
      List<GatewayRegistrationBean> all,
      List<ServletRegistrationBean<?>> own,
      ObjectProvider<ServletRegistrationBean<?>> servlets) {
    this.all = all;
    this.own = own;
    this.servlets = servlets;
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

  /** Each mount with the names of its servlets: its own, and those of its static files. */
  Map<String, Set<String>> servletNames() {
    Map<String, Set<String>> names = new HashMap<>();
    for (GatewayRegistrationBean mount : all) {
      names.put(mount.getServletName(), new HashSet<>(Set.of(mount.getServletName())));
    }
    for (ServletRegistrationBean<?> files : own) {
      if (!(files instanceof GatewayRegistrationBean)) {
        all.stream()
            .filter(mount -> isBelow(files, mount.getPath()))
            .max(Comparator.comparingInt(mount -> mount.getPath().length()))
            .map(mount -> names.get(mount.getServletName()))
            .ifPresent(servlets -> servlets.add(files.getServletName()));
      }
    }
    return names;
  }

  private static boolean isBelow(ServletRegistrationBean<?> files, String path) {
    return files.getUrlMappings().stream().allMatch(mapping -> mapping.startsWith(path + "/"));
  }

  /**
   * The servlets of all mounts, and those that others have registered with a bean.
   *
   * @return when the web server has started
   */
  List<GatewayServlet> gatewayServlets() {
    return Stream.concat(own.stream(), servlets.stream())
        .map(ServletRegistrationBean::getServlet)
        .filter(GatewayServlet.class::isInstance)
        .map(GatewayServlet.class::cast)
        .toList();
  }

  @Override
  public void onStartup(ServletContext context) throws ServletException {
    servlets.forEach(this::checkNotTaken);
    for (ServletRegistrationBean<?> registration : own) {
      registration.onStartup(context);
    }
  }

  /** Containers keep one of two servlets of the same mapping, and say nothing. */
  private void checkNotTaken(ServletRegistrationBean<?> servlet) {
    if (servlet instanceof GatewayRegistrationBean || !servlet.isEnabled()) {
      return;
    }
    for (GatewayRegistrationBean mount : all) {
      if (!Collections.disjoint(mount.getUrlMappings(), servlet.getUrlMappings())) {
        throw taken(mount, servlet);
      }
    }
  }

  private static MountException taken(
      GatewayRegistrationBean mount, ServletRegistrationBean<?> servlet) {
    String name = servlet.getServletName();
    boolean root = mount.getPath().isEmpty();
    return new MountException(
        "gangway.mounts." + mount.getServletName() + ".path",
        "The mount \""
            + mount.getServletName()
            + "\" and the servlet \""
            + name
            + "\" have the same path.",
        root
            ? "Give the mount another path, or move Spring MVC below one, such as"
                + " spring.mvc.servlet.path=/api."
            : "Give one of them another path.",
        null);
  }
}
