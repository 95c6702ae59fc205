package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.samples.Samples.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PythonEnvTest {

  private static final String FINDER = Samples.SAMPLES.resolve("python-env").toString();

  @Test
  void printsAnInterpreterThatImportsDjangoAndFlask() {
    String python = Samples.python();
    assertThat(Files.isExecutable(Path.of(python))).isTrue();
    Outcome outcome =
        Samples.run(Samples.ROOT, Map.of(), python, "-c", "import django, flask; print('both')");
    assertThat(outcome.output()).isEqualTo("both\n");
  }

  @Test
  void takesTheInterpreterThatIsChosen() {
    String python = Samples.python();
    assertThat(Samples.run(Samples.ROOT, Map.of("GANGWAY_PYTHON", python), FINDER).output().strip())
        .isEqualTo(python);
  }

  @Test
  void refusesAChosenInterpreterThatLacksAModule() {
    Outcome outcome =
        Samples.run(
            Samples.ROOT,
            Map.of("GANGWAY_PYTHON", Samples.python()),
            FINDER,
            "--with",
            "no_such_module");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors()).contains("django flask no_such_module").contains("unset");
  }

  @Test
  void namesAnArgumentThatItDoesNotKnow() {
    Outcome outcome = Samples.run(Samples.ROOT, Map.of(), FINDER, "--fast");
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.errors()).contains("unknown argument --fast");
  }
}
