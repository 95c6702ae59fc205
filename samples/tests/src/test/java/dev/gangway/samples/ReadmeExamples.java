package dev.gangway.samples;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.jetty.JettyGateway;
import dev.gangway.python.PythonApplication;
import dev.gangway.server.AccessLog;
import dev.gangway.server.StaticFiles;
import jakarta.servlet.http.HttpServlet;
import java.nio.file.Path;
import java.util.List;

/** The code in README.md, which {@link ReadmeTest} compares with this file. */
final class ReadmeExamples {

  private ReadmeExamples() {}

  @SuppressWarnings("serial")
  private static final class ApiServlet extends HttpServlet {}

  static void java() throws Exception {
    GatewayApplication hello =
        (environ, startResponse) -> {
          startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
          return ResponseBody.of("Hello, " + environ.pathInfo() + "\n");
        };

    JettyGateway gateway =
        JettyGateway.builder().bind("127.0.0.1:8000").mount("/hello", hello).start();
    gateway.join();
  }

  static void django() throws Exception {
    PythonApplication site =
        PythonApplication.builder("mysite.wsgi:application")
            .chdir(Path.of("/srv/mysite"))
            .python("/srv/mysite/venv")
            .workers(2)
            .start();

    JettyGateway gateway =
        JettyGateway.builder()
            .bind("127.0.0.1:8000")
            .mount("/", site)
            .servlet("/api/*", new ApiServlet())
            .staticFolder("/static", Path.of("/srv/mysite/static"), StaticFiles.defaults())
            .start();
    gateway.join();
  }

  static JettyGateway.Builder accessLog() {
    return JettyGateway.builder()
        .accessLog(
            AccessLog.of(
                AccessLog.DEFAULT_FORMAT + " %(L)s %({request_id}g)s", System.out::println));
  }
}
