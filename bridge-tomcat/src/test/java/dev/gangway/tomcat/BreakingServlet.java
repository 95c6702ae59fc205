package dev.gangway.tomcat;

import dev.gangway.servlet.ContainerSupport;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ServiceLoader;

/** Tells its class loader, and breaks the response off. */
@SuppressWarnings("serial")
public final class BreakingServlet extends HttpServlet {

  /** For Tomcat, by name. */
  public BreakingServlet() {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ClassLoader own = BreakingServlet.class.getClassLoader();
    response.getOutputStream().println("loaded by " + own.getClass().getSimpleName());
    for (ContainerSupport support :
        ServiceLoader.load(ContainerSupport.class, ContainerSupport.class.getClassLoader())) {
      if (support.supports(request)) {
        response
            .getOutputStream()
            .println(
                "support by " + support.getClass().getClassLoader().getClass().getSimpleName());
        response.flushBuffer();
        support.abort(request, response, new IOException("half of it is missing"));
      }
    }
  }
}
