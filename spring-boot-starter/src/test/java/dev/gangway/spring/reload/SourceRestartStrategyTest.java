package dev.gangway.spring.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.devtools.classpath.PatternClassPathRestartStrategy;
import org.springframework.boot.devtools.filewatch.ChangedFile;

class SourceRestartStrategyTest {

  @TempDir private Path project;
  private Path classes;

  @BeforeEach
  void layOut() throws Exception {
    classes = Files.createDirectories(project.resolve("target/classes"));
    Files.createDirectories(classes.resolve("site/templates"));
  }

  @Test
  void nothingBelowAFolderOfAMountInTheClassPathRestarts() {
    Path site = classes.resolve("site");
    assertThat(restarts(site, "site/views.py")).isFalse();
    assertThat(restarts(site, "site/templates/index.html")).isFalse();
    assertThat(restarts(site, "site2/Views.class")).isTrue();
    assertThat(restarts(site, "Shop.class")).isTrue();
  }

  @Test
  void ofAFolderThatHoldsTheClassPathOnlyPythonDoesNotRestart() {
    for (Path chdir : List.of(project, classes)) {
      assertThat(restarts(chdir, "site/views.py")).isFalse();
      assertThat(restarts(chdir, "site/__pycache__/views.cpython-311.pyc")).isFalse();
      assertThat(restarts(chdir, "Shop.class")).isTrue();
    }
  }

  @Test
  void aFolderThatIsALinkIsKnown() throws Exception {
    Path link = Files.createSymbolicLink(project.resolve("link"), classes.resolve("site"));
    assertThat(restarts(link, "site/views.py")).isFalse();
  }

  @Test
  void elsewhereTheUsersPatternsHold() {
    assertThat(restarts(project.resolve("elsewhere"), "static/shop.css")).isFalse();
    assertThat(restarts(project.resolve("elsewhere"), "site/views.py")).isTrue();
  }

  private boolean restarts(Path chdir, String changed) {
    File file = classes.resolve(changed).toFile();
    return new SourceRestartStrategy(
            List.of(chdir), new PatternClassPathRestartStrategy(new String[] {"static/**"}))
        .isRestartRequired(new ChangedFile(classes.toFile(), file, ChangedFile.Type.MODIFY));
  }
}
