package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/faults.md names tests that there are. */
class FaultsPageTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|Conformance))\\.(\\w+)`");

  @Test
  void eachTestThatThePageNamesIsThere() throws Exception {
    List<String> rows =
        Files.readAllLines(ROOT.resolve("docs/faults.md")).stream()
            .filter(line -> line.startsWith("|") && !line.matches("\\|(---\\|)+|\\| what .*"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(20).allMatch(row -> TEST.matcher(row).find());
    TEST.matcher(Files.readString(ROOT.resolve("docs/faults.md")))
        .results()
        .forEach(
            named ->
                assertThat(source(named.group(1)))
                    .as(named.group())
                    .contains("void " + named.group(2) + "("));
  }

  private static String source(String test) {
    for (String module : List.of("bridge-python", "samples/tests")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/test/java"))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          if (file.endsWith(test + ".java")) {
            return Files.readString(file);
          }
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return "";
  }
}
