package dev.gangway.samples.tomcat;

import dev.gangway.python.PythonApplication;
import dev.gangway.samples.spelling.ServerTiming;
import dev.gangway.samples.spelling.SpellingApplication;
import dev.gangway.server.StaticFiles;
import dev.gangway.tomcat.TomcatGateway;
import java.nio.file.Path;
import java.util.Map;

/**
 * The harbour's Django site on embedded Tomcat, with a Flask and a Java application and a chat
 * beside it.
 */
public final class HarbourOnTomcat {

  private HarbourOnTomcat() {}

  /**
   * Serves until the process is told to stop.
   *
   * @param arguments the address to bind, such as {@code 127.0.0.1:8000}
   * @throws Exception if an application or the server does not start
   */
  public static void main(String[] arguments) throws Exception {
    String bind = arguments.length > 0 ? arguments[0] : "127.0.0.1:8000";
    String python = System.getenv().getOrDefault("GANGWAY_PYTHON", "python3");
    Path samples = Path.of(System.getProperty("gangway.samples", "samples")).toAbsolutePath();
    Path site = samples.resolve("django-site");
    Path data = site.resolve(System.getenv().getOrDefault("DATA_DIR", "var"));

    TomcatGateway.Builder builder =
        TomcatGateway.builder()
            .bind(bind)
            .mount(
                "/",
                PythonApplication.builder("harbour.wsgi:application")
                    .chdir(site)
                    .python(python)
                    .workers(2)
                    .env(Map.of("STATIC_URL", "/static/"))
                    .start())
            .mount(
                "/flask",
                PythonApplication.builder("tides:application")
                    .chdir(samples.resolve("flask-app"))
                    .python(python)
                    .workers(1)
                    .threads(2)
                    .start())
            .mount("/java", new SpellingApplication().with(new ServerTiming()))
            .staticFolder("/static", data.resolve("static"), StaticFiles.defaults());
    if (Boolean.parseBoolean(System.getProperty("gangway.samples.chat", "true"))) {
      builder.mount(
          "/chat",
          PythonApplication.builder("chat:application")
              .chdir(samples.resolve("asgi-chat"))
              .python(python)
              .workers(1)
              .start());
    }
    TomcatGateway gateway = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop"));
    gateway.join();
  }
}
