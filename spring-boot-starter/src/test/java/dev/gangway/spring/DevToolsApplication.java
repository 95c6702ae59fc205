package dev.gangway.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** What {@link DevToolsTest} runs in a JVM of its own: devtools do nothing below JUnit. */
final class DevToolsApplication {

  private DevToolsApplication() {}

  /** Appends the port of each start to the file of the property {@code started}. */
  public static void main(String[] arguments) throws IOException {
    ConfigurableApplicationContext context =
        SpringApplication.run(
            new Class<?>[] {RunningApplication.AutoConfigured.class, Servers.Tomcat.class},
            arguments);
    Environment environment = context.getEnvironment();
    Files.writeString(
        Path.of(environment.getRequiredProperty("started")),
        environment.getRequiredProperty("local.server.port") + "\n",
        StandardOpenOption.APPEND,
        StandardOpenOption.CREATE);
  }
}
