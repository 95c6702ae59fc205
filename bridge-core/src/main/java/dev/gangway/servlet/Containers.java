package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The container supports that are on the class path. */
final class Containers {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private static final List<ContainerSupport> SUPPORTS = load();

  private Containers() {}

  private static List<ContainerSupport> load() {
    List<ContainerSupport> found = new ArrayList<>();
    Iterator<ContainerSupport> candidates =
        ServiceLoader.load(ContainerSupport.class, ContainerSupport.class.getClassLoader())
            .iterator();
    while (true) {
      try {
        if (!candidates.hasNext()) {
          return List.copyOf(found);
        }
        found.add(candidates.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        LOGGER.log(Level.DEBUG, "A container support does not fit this container", e);
      }
    }
  }

  /**
   * Breaks a response off, so that the client can tell that it is not complete.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it
   * @param cause what failed
   * @return whether that is done; otherwise the caller must throw {@link #incomplete} out of the
   *     servlet, which Jetty and Tomcat take for the same wish
   */
  static boolean abort(HttpServletRequest request, HttpServletResponse response, Throwable cause) {
    for (ContainerSupport support : SUPPORTS) {
      if (support.supports(request)) {
        support.abort(request, response, cause);
        return true;
      }
    }
    return false;
  }

  /**
   * What to throw out of the servlet when {@link #abort} returns false.
   *
   * @return an exception without a stack trace of interest; the cause is in the log already
   */
  static IOException incomplete() {
    return new IOException("The response is broken off, see the failure logged before");
  }
}
