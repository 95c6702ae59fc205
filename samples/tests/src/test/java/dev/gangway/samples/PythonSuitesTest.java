package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.samples.Samples.Outcome;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that the Python samples, and the tool of the benchmarks, have themselves. */
class PythonSuitesTest {

  @TempDir Path data;

  private void passes(String folder, Map<String, String> environment, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = Samples.python();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Outcome outcome = Samples.run(Samples.SAMPLES.resolve(folder), environment, command);
    assertThat(outcome.status()).as(outcome.errors()).isZero();
    assertThat(outcome.errors()).containsPattern("Ran [1-9]\\d* tests").contains("\nOK\n");
  }

  @Test
  void theSitePassesItsOwnTests() {
    passes("django-site", Map.of("DATA_DIR", data.toString()), "manage.py", "test");
  }

  @Test
  void theSitePassesItsOwnTestsOnDjango52() {
    passes(
        "django-site",
        Map.of("DATA_DIR", data.toString(), "PYTHONPATH", Samples.newerDjango()),
        "manage.py",
        "test");
  }

  @Test
  void theTideTablesPassTheirOwnTests() {
    passes("flask-app", Map.of(), "-m", "unittest");
  }

  @Test
  void theBenchmarksPassTheirOwnTests() {
    passes("../benchmarks", Map.of("PYTHONDONTWRITEBYTECODE", "1"), "-m", "unittest", "discover");
  }
}
