package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gangway.conformance.ConformanceServer;
import dev.gangway.samples.contract.ContractServlet;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The web application that runs the conformance suites of Java applications in Tomcat. */
final class ContractWebApplication {

  /** One class of each jar that the suites need beside Gangway's. */
  private static final List<String> NEEDED =
      List.of(
          ConformanceServer.class.getName(),
          "net.bytebuddy.ByteBuddy",
          "org.assertj.core.api.Assertions",
          "org.awaitility.Awaitility",
          "org.hamcrest.Matcher",
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.engine.JupiterTestEngine",
          "org.junit.jupiter.params.ParameterizedTest",
          "org.junit.platform.commons.JUnitException",
          "org.junit.platform.engine.TestEngine",
          "org.junit.platform.launcher.Launcher",
          "org.opentest4j.AssertionFailedError");

  private ContractWebApplication() {}

  /** Makes it, with Gangway's jars from the sample's WAR. */
  static void create(Path root) throws IOException {
    Set<Path> jars = new LinkedHashSet<>(TomcatBase.jars());
    for (String name : NEEDED) {
      jars.add(origin(name));
    }
    TomcatBase.addLibraries(root, jars);
    String folder = ContractServlet.class.getPackageName().replace('.', '/');
    Path classes = Files.createDirectories(root.resolve("WEB-INF/classes").resolve(folder));
    try (Stream<Path> files = Files.list(origin(ContractServlet.class.getName()).resolve(folder))) {
      for (Path file : files.toList()) {
        Files.copy(file, classes.resolve(file.getFileName()));
      }
    }
    // Privileged as Tomcat's manager is: it adds web applications.
    Files.writeString(
        Files.createDirectories(root.resolve("META-INF")).resolve("context.xml"),
        "<Context privileged=\"true\" failCtxIfServletStartFails=\"true\"/>\n",
        UTF_8);
    Files.writeString(
        root.resolve("WEB-INF/web.xml"),
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
          <servlet>
            <servlet-name>contract</servlet-name>
            <servlet-class>%s</servlet-class>
            <load-on-startup>1</load-on-startup>
          </servlet>
          <servlet-mapping>
            <servlet-name>contract</servlet-name>
            <url-pattern>/*</url-pattern>
          </servlet-mapping>
        </web-app>
        """
            .formatted(ContractServlet.class.getName()),
        UTF_8);
  }

  /** The jar or folder that a class is loaded from. */
  private static Path origin(String name) {
    try {
      return Path.of(
          Class.forName(name).getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
