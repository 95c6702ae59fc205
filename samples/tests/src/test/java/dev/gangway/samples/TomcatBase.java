package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.conformance.PythonMount;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folders for {@code CATALINA_BASE}. The configuration is the distribution's, except for port,
 * address, the form of the lines that are logged, and what a test adds to the connector.
 */
final class TomcatBase {

  private static final Path WAR = Samples.SAMPLES.resolve("tomcat-war/target");

  private TomcatBase() {}

  /** Tomcat as it is distributed. */
  static Path distribution() throws IOException {
    try (Stream<Path> found = Files.list(WAR.resolve("tomcat"))) {
      return found.findFirst().orElseThrow();
    }
  }

  /** The jars in the sample's WAR, by name. */
  static List<Path> jars() throws IOException {
    try (Stream<Path> found = Files.list(WAR.resolve("harbour/WEB-INF/lib"))) {
      return found.sorted().toList();
    }
  }

  /** Makes a folder with a web application at the root, which has the jars of the sample. */
  static Path create(PythonMount mount, String attributes) throws IOException {
    Path base = create(attributes);
    addWebApplication(base.resolve("webapps/ROOT"), mount);
    return base;
  }

  /** Makes a folder with a web application at {@code /contract} that runs suites in Tomcat. */
  static Path withContractSuites(String attributes) throws IOException {
    Path base = create(attributes);
    ContractWebApplication.create(base.resolve("webapps/contract"));
    return base;
  }

  private static Path create(String attributes) throws IOException {
    Path base = Files.createTempDirectory(Files.createDirectories(Samples.TARGET), "conformance-");
    for (String folder : List.of("conf", "logs", "temp", "webapps", "work")) {
      Files.createDirectory(base.resolve(folder));
    }
    Path conf = base.resolve("conf");
    try (Stream<Path> files = Files.list(distribution().resolve("conf"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, conf.resolve(file.getFileName()));
      }
    }
    Path server = conf.resolve("server.xml");
    String configured = Files.readString(server, UTF_8);
    assertThat(configured).contains("<Connector port=\"8080\"", "<Server port=\"8005\"");
    Files.writeString(
        server,
        configured
            .replace(
                "<Connector port=\"8080\"",
                "<Connector " + attributes + " address=\"127.0.0.1\" port=\"0\"")
            .replace("<Server port=\"8005\"", "<Server port=\"-1\""),
        UTF_8);
    Files.writeString(
        conf.resolve("logging.properties"),
        """

        java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
        java.util.logging.SimpleFormatter.format = %s
        """
            .formatted(TomcatLog.FORMAT),
        UTF_8,
        StandardOpenOption.APPEND);
    return base;
  }

  /** Copies jars to where a web application has them. */
  static void addLibraries(Path root, Iterable<Path> jars) throws IOException {
    Path lib = Files.createDirectories(root.resolve("WEB-INF/lib"));
    for (Path jar : jars) {
      Files.copy(jar, lib.resolve(jar.getFileName()));
    }
  }

  private static void addWebApplication(Path root, PythonMount mount) throws IOException {
    addLibraries(root, jars());
    for (Class<? extends Filter> filter : mount.filters()) {
      String name = filter.getName().replace('.', '/') + ".class";
      Path file = root.resolve("WEB-INF/classes").resolve(name);
      Files.createDirectories(file.getParent());
      try (InputStream code = filter.getResourceAsStream(filter.getSimpleName() + ".class")) {
        Files.copy(code, file);
      }
    }
    Path context = Files.createDirectories(root.resolve("META-INF")).resolve("context.xml");
    Files.writeString(context, "<Context failCtxIfServletStartFails=\"true\"/>\n", UTF_8);
    Files.writeString(root.resolve("WEB-INF/web.xml"), descriptor(mount), UTF_8);
  }

  private static String descriptor(PythonMount mount) {
    StringBuilder xml = new StringBuilder();
    xml.append(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
        """);
    for (Class<? extends Filter> filter : mount.filters()) {
      xml.append(
          """
          <filter>
            <filter-name>filter</filter-name>
            <filter-class>%s</filter-class>
            <async-supported>true</async-supported>
          </filter>
          <filter-mapping><filter-name>filter</filter-name><url-pattern>/*</url-pattern></filter-mapping>
          """
              .formatted(filter.getName()));
    }
    String settings =
        mount.settings().entrySet().stream()
            .map(
                setting ->
                    "<init-param><param-name>%s</param-name><param-value>%s</param-value></init-param>\n"
                        .formatted(setting.getKey().settingName(), setting.getValue()))
            .collect(Collectors.joining());
    String patterns =
        mount.prefixes().stream()
            .map(prefix -> prefix.equals("/") ? "/*" : prefix + "/*")
            .map("<url-pattern>%s</url-pattern>\n"::formatted)
            .collect(Collectors.joining());
    return xml.append(
            """
            <servlet>
              <servlet-name>python</servlet-name>
              <servlet-class>dev.gangway.python.PythonServlet</servlet-class>
              %s
              <load-on-startup>1</load-on-startup>
              <async-supported>true</async-supported>
            </servlet>
            <servlet-mapping><servlet-name>python</servlet-name>%s</servlet-mapping>
            </web-app>
            """
                .formatted(settings, patterns))
        .toString();
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path base) throws IOException {
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
