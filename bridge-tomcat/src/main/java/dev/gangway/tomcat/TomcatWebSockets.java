package dev.gangway.tomcat;

import jakarta.servlet.ServletContainerInitializer;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Has a context upgrade connections, if Tomcat's WebSockets are on the class path. */
final class TomcatWebSockets {

  private static final String FILTER = "org.apache.tomcat.websocket.server.WsFilter";

  /** Where it is once somebody has set WebSockets up. */
  private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

  private TomcatWebSockets() {}

  /**
   * Prepares a context.
   *
   * @param context not started
   */
  static void enable(Context context) {
    ServletContainerInitializer tomcats;
    try {
      tomcats =
          Class.forName("org.apache.tomcat.websocket.server.WsSci")
              .asSubclass(ServletContainerInitializer.class)
              .getConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      return; // HTTP only.
    }
    context.addServletContainerInitializer(
        (classes, servletContext) -> {
          if (servletContext.getAttribute(CONTAINER) == null) {
            tomcats.onStartup(Set.of(), servletContext);
            removeFilter(context);
          }
        },
        Set.of());
  }

  /** It finds endpoints with paths of their own, and every request would have to pass it. */
  private static void removeFilter(Context context) {
    for (FilterDef definition : context.findFilterDefs()) {
      if (definition.getFilter() != null
          && definition.getFilter().getClass().getName().equals(FILTER)) {
        for (FilterMap map : context.findFilterMaps()) {
          if (map.getFilterName().equals(definition.getFilterName())) {
            context.removeFilterMap(map);
          }
        }
        context.removeFilterDef(definition);
      }
    }
  }
}
