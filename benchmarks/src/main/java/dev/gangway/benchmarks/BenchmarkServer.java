package dev.gangway.benchmarks;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.jetty.JettyGateway;
import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSetting;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.StaticFiles;
import dev.gangway.tomcat.TomcatGateway;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Serves {@code /raw}, a plain servlet; {@code /java}, the same as a Java gateway application; and
 * below {@code /} a Python application; with the argument {@code files=FOLDER}, also the files of
 * that folder below {@code /files}, by the container's default servlet. Other arguments: {@code
 * container=jetty|tomcat}, {@code bind=HOST:PORT} or {@code bind=unix:PATH}, and settings of {@link
 * PythonSetting}.
 */
final class BenchmarkServer {

  private static final byte[] HELLO = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);

  private BenchmarkServer() {}

  private static final class Raw extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/plain");
      response.setContentLength(HELLO.length);
      response.getOutputStream().write(HELLO);
    }
  }

  /**
   * Starts the server; it runs until the process is ended.
   *
   * @param arguments {@code name=value}
   * @throws Exception if it does not start
   */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options =
        Stream.of(arguments)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    GatewayApplication java =
        (environ, startResponse) -> {
          startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
          return ResponseBody.of(HELLO);
        };
    PythonApplication python = python(options);
    boolean jetty = options.getOrDefault("container", "jetty").equals("jetty");
    GatewayBuilder<?> builder = jetty ? JettyGateway.builder() : TomcatGateway.builder();
    String files = options.get("files");
    if (files != null) {
      builder.staticFolder("/files", Path.of(files), StaticFiles.defaults());
    }
    Gateway gateway =
        builder
            .bind(options.getOrDefault("bind", "127.0.0.1:8000"))
            .servlet("/raw", new Raw())
            .mount("/java", java)
            .mount("/", python)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop"));
    gateway.join();
  }

  private static PythonApplication python(Map<String, String> options) throws IOException {
    PythonApplication.Builder builder = PythonApplication.builder("hello:application");
    for (PythonSetting setting : PythonSetting.values()) {
      String value = options.get(setting.settingName());
      if (value != null) {
        setting.apply(builder, value);
      }
    }
    return builder.start();
  }
}
