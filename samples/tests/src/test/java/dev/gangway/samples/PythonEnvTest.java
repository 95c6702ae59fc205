package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gangway.samples.Samples.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonEnvTest {

  private static final String FINDER = Samples.SAMPLES.resolve("python-env").toString();

  @TempDir Path folder;

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

  @Test
  void saysWhatToInstallWhereNothingCanBe() throws Exception {
    Path finder = bareMachine();
    Outcome outcome = Samples.run(folder, environment(), finder.toString());
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors())
        .contains("no Python 3.9 or newer here can import: django flask")
        .contains("apt-get install python3-django python3-flask")
        .contains("set GANGWAY_PYTHON");
  }

  @Test
  void makesAVirtualEnvironmentOnceWherePipReachesItsIndex() throws Exception {
    Path finder = bareMachine();
    // Without its site packages an interpreter has neither Django nor Flask.
    Path python = folder.resolve("bin/python3");
    Files.writeString(python, "#!/bin/sh\nexec " + Samples.python() + " -S \"$@\"\n", UTF_8);
    assertThat(python.toFile().setExecutable(true)).isTrue();
    assumeTrue(
        Samples.run(folder, Map.of(), python.toString(), "-c", "import ensurepip").status() == 0,
        "skipped: this Python cannot make virtual environments (Debian: python3-venv)");

    Map<String, String> environment = environment();
    environment.put("PIP_NO_INDEX", "1");
    environment.put("PIP_FIND_LINKS", folder.resolve("wheels").toString());
    wheel("Django", "5.2.1");
    wheel("Django", "6.0");
    wheel("Flask", "3.1");
    wheel("Starlette", "1.0");
    String made = folder.resolve(".python/bin/python3").toString();
    Outcome outcome = Samples.run(folder, environment, finder.toString());
    assertThat(outcome.output()).as(outcome.errors()).isEqualTo(made + "\n");
    assertThat(Samples.run(folder, Map.of(), made, "-c", "import django; print(django.v)").output())
        .isEqualTo("5.2.1\n");
    assertThat(Samples.run(folder, Map.of(), made, "-c", "import starlette").status()).isZero();
    Outcome again = Samples.run(folder, environment, finder.toString());
    assertThat(again.output()).isEqualTo(made + "\n");
    assertThat(again.errors()).isEmpty();
  }

  /** A copy of the script on a machine that has only a shell and its tools. */
  private Path bareMachine() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("bin"));
    for (String tool :
        List.of("cat", "dirname", "env", "id", "mkdir", "rm", "sed", "sh", "timeout", "uname")) {
      for (Path place : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
        Path program = place.resolve(tool);
        if (Files.isExecutable(program) && Files.notExists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), program);
        }
      }
    }
    Path finder = Files.createDirectories(folder.resolve("samples")).resolve("python-env");
    Files.copy(Path.of(FINDER), finder);
    Files.writeString(
        finder, Files.readString(finder, UTF_8).replace("/usr/bin/python3", "/no/such/python3"));
    return finder;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", folder.resolve("bin").toString());
    environment.put("GANGWAY_PYTHON", "");
    environment.put("PIP_CONFIG_FILE", "/dev/null");
    return environment;
  }

  /** A package of one line, for pip. */
  private void wheel(String name, String version) throws IOException {
    Path wheels = Files.createDirectories(folder.resolve("wheels"));
    String module = name.toLowerCase(Locale.ROOT) + "/__init__.py";
    String info = name + "-" + version + ".dist-info/";
    try (ZipOutputStream wheel =
        new ZipOutputStream(
            Files.newOutputStream(wheels.resolve(name + "-" + version + "-py3-none-any.whl")))) {
      for (Map.Entry<String, String> file :
          Map.of(
                  module,
                  "v = '" + version + "'\n",
                  info + "METADATA",
                  "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n",
                  info + "WHEEL",
                  "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
                      + "Tag: py3-none-any\n",
                  info + "RECORD",
                  module
                      + ",,\n"
                      + info
                      + "METADATA,,\n"
                      + info
                      + "WHEEL,,\n"
                      + info
                      + "RECORD,,\n")
              .entrySet()) {
        wheel.putNextEntry(new ZipEntry(file.getKey()));
        wheel.write(file.getValue().getBytes(UTF_8));
      }
    }
  }
}
