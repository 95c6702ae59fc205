package dev.gangway.spring;

import dev.gangway.server.StaticFiles;
import jakarta.servlet.http.HttpServlet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.util.ClassUtils;

/** The folders of static files of a mount. */
final class StaticMaps {

  private static final boolean SPRING_MVC =
      ClassUtils.isPresent(
          "org.springframework.web.servlet.resource.ResourceHttpRequestHandler",
          StaticMaps.class.getClassLoader());

  private StaticMaps() {}

  /**
   * The servlets that serve them.
   *
   * @param name the mount's
   * @param path of the mount, empty for the root
   * @param mount its properties
   * @param chdir its folder
   * @throws MountException if a folder or Spring MVC is missing
   */
  static List<ServletRegistrationBean<?>> of(
      String name, String path, MountProperties mount, Path chdir) {
    List<ServletRegistrationBean<?>> servlets = new ArrayList<>();
    mount
        .staticMap()
        .forEach(
            (place, folder) -> {
              String property = "gangway.mounts." + name + ".static-map." + place;
              ServletRegistrationBean<HttpServlet> servlet =
                  new ServletRegistrationBean<>(servlet(name, property, chdir, folder));
              servlet.setName(name + "-" + place);
              servlet.addUrlMappings(path + pathOf(name, property, place) + "/*");
              servlets.add(servlet);
            });
    return servlets;
  }

  private static HttpServlet servlet(String name, String property, Path chdir, Path folder) {
    if (!SPRING_MVC) {
      throw new MountException(
          property,
          "The mount \"" + name + "\" has static files, which Spring MVC would serve.",
          "Add the dependency org.springframework:spring-webmvc, or remove the property.",
          null);
    }
    Path absolute = chdir.resolve(folder).toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      throw new MountException(
          property,
          "The mount \"" + name + "\" has static files in a folder that is missing: " + absolute,
          "Make it, as \"manage.py collectstatic\" does, or name another. A relative path begins"
              + " at chdir.",
          null);
    }
    return new StaticFilesServlet(absolute, StaticFiles.defaults());
  }

  /** Keys of YAML have no slashes unless they are in brackets. */
  private static String pathOf(String name, String property, String place) {
    try {
      return MountPath.of(place.startsWith("/") ? place : "/" + place);
    } catch (IllegalArgumentException e) {
      throw new MountException(
          property,
          "The mount \"" + name + "\" has static files at a malformed path: \"" + place + "\".",
          "Name a path below the mount, such as static or \"[static/shop]\".",
          e);
    }
  }
}
