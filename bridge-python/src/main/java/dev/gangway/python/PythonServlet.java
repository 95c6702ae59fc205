package dev.gangway.python;

import dev.gangway.servlet.GatewayServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mounts a Python application from {@code web.xml}, without a line of Java. The names of its
 * init-params are those of {@link PythonSetting}; a relative {@code chdir} begins at the root of
 * the web application.
 *
 * <pre>{@code
 * <servlet>
 *   <servlet-name>site</servlet-name>
 *   <servlet-class>dev.gangway.python.PythonServlet</servlet-class>
 *   <init-param>
 *     <param-name>application</param-name>
 *     <param-value>mysite.wsgi:application</param-value>
 *   </init-param>
 *   <init-param>
 *     <param-name>chdir</param-name>
 *     <param-value>WEB-INF/site</param-value>
 *   </init-param>
 *   <load-on-startup>1</load-on-startup>
 *   <async-supported>true</async-supported>
 * </servlet>
 * <servlet-mapping>
 *   <servlet-name>site</servlet-name>
 *   <url-pattern>/*</url-pattern>
 * </servlet-mapping>
 * }</pre>
 *
 * <p>The workers start with the servlet and end with it. Safe for many threads.
 */
public final class PythonServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private transient @Nullable PythonApplication application;
  private transient @Nullable GatewayServlet servlet;

  /** A servlet that takes its settings from its init-params. */
  public PythonServlet() {}

  /**
   * Starts the application.
   *
   * @throws ServletException if a setting is wrong, or the application does not start; the message
   *     holds the Python traceback
   */
  @Override
  public void init() throws ServletException {
    try {
      PythonApplication started = settings().start();
      application = started;
      servlet = new GatewayServlet(started);
      servlet.init(getServletConfig());
    } catch (IllegalArgumentException | IOException e) {
      throw new ServletException(
          "The servlet " + getServletName() + " does not start: " + e.getMessage(), e);
    }
  }

  private PythonApplication.Builder settings() {
    PythonApplication.Builder builder = new PythonApplication.Builder();
    Path root = root();
    if (root != null) {
      builder.chdir(root);
    }
    List<String> given = Collections.list(getServletConfig().getInitParameterNames());
    for (String name : given) {
      String value = getServletConfig().getInitParameter(name);
      if (root != null && name.equals(PythonSetting.CHDIR.settingName())) {
        builder.chdir(root.resolve(value.strip()));
      } else {
        setting(name).apply(builder, value);
      }
    }
    if (!given.contains(PythonSetting.APPLICATION.settingName())) {
      throw new IllegalArgumentException(
          "the init-param application is missing, such as mysite.wsgi:application");
    }
    return builder;
  }

  private static PythonSetting setting(String name) {
    for (PythonSetting setting : PythonSetting.values()) {
      if (setting.settingName().equals(name)) {
        return setting;
      }
    }
    throw new IllegalArgumentException(
        "there is no setting "
            + name
            + ", but "
            + Arrays.stream(PythonSetting.values())
                .map(PythonSetting::settingName)
                .collect(Collectors.joining(", ")));
  }

  /** The folder of the web application, or null if it runs from a packed archive. */
  private @Nullable Path root() {
    String path = getServletContext().getRealPath("/");
    return path == null ? null : Path.of(path);
  }

  @Override
  public void service(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    GatewayServlet mounted = servlet;
    if (mounted == null) {
      throw new ServletException("The servlet " + getServletName() + " is not initialised");
    }
    mounted.service(request, response);
  }

  /** Ends the application and its workers. */
  @Override
  public void destroy() {
    PythonApplication started = application;
    if (started != null) {
      started.close();
    }
  }
}
