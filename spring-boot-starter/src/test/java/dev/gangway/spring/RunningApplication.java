package dev.gangway.spring;

import dev.gangway.python.conformance.Pythons;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A Spring Boot application with a web server, and a client of it. */
final class RunningApplication implements AutoCloseable {

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class AutoConfigured {}

  private final ConfigurableApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private RunningApplication(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts an application with the server, configurations and properties; the last one counts. */
  static RunningApplication start(
      Class<?> server, List<Class<?>> configurations, String... properties) {
    return start(server, configurations, context -> {}, properties);
  }

  /** Starts an application whose context is prepared in some way. */
  static RunningApplication start(
      Class<?> server,
      List<Class<?>> configurations,
      ApplicationContextInitializer<?> initializer,
      String... properties) {
    List<Class<?>> sources = new ArrayList<>(configurations);
    sources.add(AutoConfigured.class);
    sources.add(server);
    SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
    application.addInitializers(initializer);
    Map<String, String> arguments = new LinkedHashMap<>();
    for (String property : properties) {
      arguments.put(property.substring(0, property.indexOf('=')), "--" + property);
    }
    return new RunningApplication(application.run(arguments.values().toArray(String[]::new)));
  }

  /** The properties of a mount of a Python application of the tests of bridge-python. */
  static String[] fixture(String name, String path, String application, String... more) {
    return mount(name, path, application, Pythons.fixtures(), more);
  }

  /** The properties of a mount with one worker. */
  static String[] mount(String name, String path, String application, Path folder, String... more) {
    String prefix = "gangway.mounts." + name + ".";
    List<String> properties =
        new ArrayList<>(
            List.of(
                prefix + "path=" + path,
                prefix + "application=" + application,
                prefix + "chdir=" + folder,
                prefix + "python=" + Pythons.interpreter(),
                prefix + "workers=1"));
    for (String property : more) {
      properties.add(prefix + property);
    }
    return properties.toArray(String[]::new);
  }

  /** The folder of the Python applications of this module. */
  static Path python() {
    return Pythons.fixtures()
        .resolve("../../../../spring-boot-starter/src/test/python")
        .normalize();
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  int port() {
    return Integer.parseInt(
        String.valueOf(context.getEnvironment().getProperty("local.server.port")));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofMinutes(1));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  CompletableFuture<HttpResponse<String>> sendLater(HttpRequest.Builder request) {
    return client.sendAsync(
        request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** The same without waiting for the response. */
  CompletableFuture<HttpResponse<String>> getLater(String path) {
    return client.sendAsync(
        request(path).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    context.close();
  }
}
