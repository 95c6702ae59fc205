package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Python package that runs in the workers. */
class WorkerPackageTest {

  private static String python(String program) throws Exception {
    Process process =
        new ProcessBuilder(List.of("python3", "-c", program)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void isPython39() throws Exception {
    String parsed =
        python(
            "import ast, pathlib\n"
                + "for path in sorted(pathlib.Path('src/main/python').rglob('*.py')):\n"
                + "    ast.parse(path.read_text(), feature_version=(3, 9))\n"
                + "    print(path.name)\n");
    assertThat(parsed).contains("__main__.py", "wsgi.py");
  }

  @Test
  void importsTheStandardLibraryAlone() throws Exception {
    String foreign =
        python(
            "import ast, pathlib, sys\n"
                + "for path in pathlib.Path('src/main/python').rglob('*.py'):\n"
                + "    for node in ast.walk(ast.parse(path.read_text())):\n"
                + "        names = ([a.name for a in node.names] if isinstance(node, ast.Import)\n"
                + "            else [node.module] if isinstance(node, ast.ImportFrom) else [])\n"
                + "        for name in names:\n"
                + "            top = name.split('.')[0]\n"
                + "            if top not in sys.stdlib_module_names | {'gangway_worker'}:\n"
                + "                print(path, name)\n");
    assertThat(foreign).isEmpty();
  }
}
