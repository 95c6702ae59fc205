package dev.gangway.python.conformance;

import dev.gangway.python.PythonApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Where the tests' Python applications are, and what runs them. */
public final class Pythons {

  private static final String INTERPRETER = find();

  private Pythons() {}

  /** The folder of the fixtures, from the folder of whichever module runs the tests. */
  public static Path fixtures() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("bridge-python"))) {
      folder = folder.getParent();
    }
    return folder.resolve("bridge-python/src/test/python");
  }

  /** An interpreter that has Werkzeug, if there is one. */
  public static String interpreter() {
    return INTERPRETER;
  }

  /** Settings of an application of {@code conformance.py} with one worker of one thread. */
  public static PythonApplication.Builder fixture(String name) {
    return PythonApplication.builder(name.contains(":") ? name : "conformance:" + name)
        .chdir(fixtures())
        .python(interpreter())
        .workers(1);
  }

  /** Skips the test where something is not installed, but never in continuous integration. */
  static void require(boolean available, String what) {
    if (!available && System.getenv("CI") == null) {
      Assumptions.abort(what + " is not installed");
    }
    if (!available) {
      throw new AssertionError(what + " is not installed");
    }
  }

  /** Whether the interpreter can import a module. */
  static boolean has(String module) {
    return run(INTERPRETER, "-c", "import " + module) != null;
  }

  private static String find() {
    List<String> candidates = new ArrayList<>();
    String chosen = System.getProperty("gangway.test.python", "");
    if (!chosen.isEmpty() && !chosen.startsWith("${")) {
      candidates.add(chosen);
    }
    candidates.addAll(List.of("/usr/bin/python3", "python3"));
    for (String candidate : candidates) {
      // The real path: a shim in front of an interpreter costs more than the interpreter.
      String path = run(candidate, "-c", "import sys, werkzeug; print(sys.executable)");
      if (path != null) {
        return path;
      }
    }
    return "python3";
  }

  /** What a command prints, or null if it fails. */
  static String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? printed : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
