package dev.gangway.python;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A page that shows what Python applications are doing, and the same as JSON with {@code
 * ?format=json} or {@code Accept: application/json}. Mount it where only those can see it who may:
 * nothing here asks who they are. Safe for many threads.
 *
 * <pre>{@code
 * builder.servlet("/status", new PythonStatusServlet(site, shop));
 * }</pre>
 */
public final class PythonStatusServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient List<PythonApplication> applications;

  /**
   * A page.
   *
   * @param applications shown in this order
   */
  public PythonStatusServlet(PythonApplication... applications) {
    this.applications = List.of(applications);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    byte[] body;
    if (wantsJson(request)) {
      response.setContentType("application/json");
      body =
          StatusJson.of(applications.stream().map(PythonApplication::snapshot).toList())
              .getBytes(StandardCharsets.UTF_8);
    } else {
      response.setContentType("text/html;charset=utf-8");
      body = page();
    }
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static boolean wantsJson(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    String query = request.getQueryString();
    return (query != null && query.contains("format=json"))
        || (accept != null && accept.startsWith("application/json"));
  }

  private static byte[] page() throws IOException {
    try (InputStream in = PythonStatusServlet.class.getResourceAsStream("status.html")) {
      if (in == null) {
        throw new IOException("gangway-bridge-python.jar lacks its status.html");
      }
      return in.readAllBytes();
    }
  }
}
