package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is in the WAR that the build of the sample makes. */
class WarContentTest {

  @Test
  void hasGangwayAndNothingOfTheContainer() throws IOException {
    Path war = Samples.SAMPLES.resolve("tomcat-war/target/harbour.war");
    try (ZipFile content = new ZipFile(war.toFile())) {
      assertThat(
              content.stream()
                  .map(ZipEntry::getName)
                  .filter(name -> name.startsWith("WEB-INF/lib/") && name.endsWith(".jar"))
                  .map(name -> name.substring("WEB-INF/lib/".length()).replaceAll("-\\d.*", "")))
          .containsExactlyInAnyOrder(
              "gangway-bridge-core",
              "gangway-bridge-python",
              "gangway-bridge-tomcat",
              "gangway-sample-java-application");
    }
  }
}
