package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.PythonSetting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.configurationprocessor.ConfigurationMetadataAnnotationProcessor;
import org.springframework.boot.json.JsonParserFactory;

/** What an editor knows about the properties. */
class MetadataTest {

  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  /** The settings whose default is not a value but a rule. */
  private static final Set<PythonSetting> WITHOUT_VALUE =
      Set.of(
          PythonSetting.CHDIR,
          PythonSetting.WORKERS,
          PythonSetting.USER,
          PythonSetting.GROUP,
          PythonSetting.UMASK);

  private static final Map<String, Map<String, Object>> MOUNT = new LinkedHashMap<>();

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Object>> properties(String json) {
    List<Object> properties =
        (List<Object>) JsonParserFactory.getJsonParser().parseMap(json).get("properties");
    Map<String, Map<String, Object>> byName = new LinkedHashMap<>();
    for (Object property : properties) {
      Map<String, Object> entry = (Map<String, Object>) property;
      byName.put(String.valueOf(entry.get("name")), entry);
    }
    return byName;
  }

  private static void assertDescribed(Map<String, Map<String, Object>> properties) {
    assertThat(properties)
        .allSatisfy(
            (name, property) -> {
              assertThat(property.get("type")).as(name).isNotNull();
              assertThat(String.valueOf(property.get("description")))
                  .as(name)
                  .matches("[A-Z].+\\.");
            });
  }

  /** Of the values of a map the processor says nothing, so they are shown to it by themselves. */
  @BeforeAll
  static void processMount(@TempDir Path folder) throws IOException {
    Path source =
        Files.writeString(
            folder.resolve("Mount.java"),
            """
            package dev.gangway.spring;
            import org.springframework.boot.context.properties.ConfigurationProperties;
            import org.springframework.boot.context.properties.NestedConfigurationProperty;
            @ConfigurationProperties("shown")
            record Mount(@NestedConfigurationProperty MountProperties mount) {}
            """);
    Path sources = Path.of("src/main/java");
    if (!Files.exists(sources.resolve("dev/gangway/spring/MountProperties.java"))) {
      sources = Path.of("../src/main/java");
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          compiler.getTask(
              null,
              files,
              null,
              List.of("-proc:only", "-d", folder.toString()),
              null,
              files.getJavaFileObjects(
                  source, sources.resolve("dev/gangway/spring/MountProperties.java")));
      task.setProcessors(List.of(new ConfigurationMetadataAnnotationProcessor()));
      assertThat(task.call()).isTrue();
    }
    properties(Files.readString(folder.resolve(METADATA)))
        .forEach((name, property) -> MOUNT.put(name.substring("shown.mount.".length()), property));
  }

  @Test
  void everyPropertyHasATypeAndASentence() throws Exception {
    try (InputStream metadata =
        Stream.of(getClass().getClassLoader().getResources(METADATA))
            .flatMap(all -> java.util.Collections.list(all).stream())
            .filter(url -> url.getProtocol().equals("file"))
            .findFirst()
            .orElseThrow()
            .openStream()) {
      Map<String, Map<String, Object>> properties =
          properties(new String(metadata.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(properties).containsKeys("gangway.enabled", "gangway.mounts");
      assertDescribed(properties);
    }
  }

  @Test
  void everyPropertyOfAMountHasATypeAndASentence() {
    assertDescribed(MOUNT);
  }

  @Test
  void aMountHasEverySettingOfAPythonApplication() {
    assertThat(MOUNT)
        .containsKeys(
            Arrays.stream(PythonSetting.values())
                .map(PythonSetting::settingName)
                .toArray(String[]::new));
  }

  @Test
  void itsDefaultsAreThoseOfThePythonApplication() {
    for (PythonSetting setting : PythonSetting.values()) {
      Object value = MOUNT.get(setting.settingName()).get("defaultValue");
      if (WITHOUT_VALUE.contains(setting)) {
        assertThat(Objects.toString(value, "")).as(setting.settingName()).isEmpty();
      } else {
        assertThat(plain(value)).as(setting.settingName()).isEqualTo(setting.defaultValue());
      }
    }
  }

  /** As {@link PythonSetting} spells it: seconds and bytes without a unit. */
  private static String plain(Object value) {
    String text =
        value instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
            : Objects.toString(value, "");
    return switch (text) {
      case "true" -> "on";
      case "false" -> "off";
      case "16MB" -> "16777216";
      case "64KB" -> "65536";
      default -> text.replaceFirst("^(\\d+)[sB]$", "$1");
    };
  }
}
