package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.mount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.python.conformance.Pythons;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A jar that carries a Python project, its packages or a list of them. */
@ExtendWith(OutputCaptureExtension.class)
class PackagingTest {

  private static final String PROJECT =
      """
      import os
      try:
          from tides import MARK
      except ImportError:
          MARK = "without tides"

      def application(environ, start_response):
          start_response("200 OK", [("Content-Type", "text/plain")])
          return [("%s in %s" % (MARK, os.getcwd())).encode()]
      """;

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private final Map<String, byte[]> jar = new LinkedHashMap<>();

  @TempDir Path folder;

  @BeforeEach
  void pack() throws IOException {
    put("python/pier/site.txt", "kept");
    put("python/mysite/wsgi.py", PROJECT);
    put("python/requirements.txt", "tides==1.0\n");
    jar.put("wheels/tides-1.0-py3-none-any.whl", zip(wheel()));
  }

  @AfterEach
  void restore() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private void put(String name, String content) {
    jar.put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** The smallest package that pip installs. */
  private static Map<String, byte[]> wheel() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("tides.py", "MARK = 'with tides'\n");
    files.put("tides-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tides\nVersion: 1.0\n");
    files.put(
        "tides-1.0.dist-info/WHEEL",
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
    StringBuilder record = new StringBuilder("tides-1.0.dist-info/RECORD,,\n");
    files.keySet().forEach(name -> record.append(name).append(",,\n"));
    files.put("tides-1.0.dist-info/RECORD", record.toString());
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
    return bytes;
  }

  private static byte[] zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    zip(files, bytes);
    return bytes.toByteArray();
  }

  private static void zip(Map<String, byte[]> files, OutputStream target) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(target)) {
      for (String directory : List.of("python/", "wheels/")) {
        zip.putNextEntry(new ZipEntry(directory));
      }
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
  }

  private RunningApplication start(String... properties) throws IOException {
    Path file = folder.resolve("project.jar");
    Files.write(file, zip(jar));
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(new URL[] {file.toUri().toURL()}, before));
    String[] all = Arrays.copyOf(properties, properties.length + 1);
    all[properties.length] = "gangway.cache=" + folder.resolve("cache");
    return RunningApplication.start(Servers.Tomcat.class, List.of(), all);
  }

  private String answer(String... more) throws Exception {
    String[] properties = mount("shop", "/shop", "mysite.wsgi", Path.of("."), more);
    String[] all = Arrays.copyOf(properties, properties.length + 1);
    all[properties.length] = "gangway.mounts.shop.chdir=classpath:/python/";
    try (RunningApplication application = start(all)) {
      return application.get("/shop/").body();
    }
  }

  private String answerAsThePageShows() throws Exception {
    try (RunningApplication application =
        start(
            "spring.profiles.active=carried",
            "gangway.mounts.shop.workers=1",
            "gangway.mounts.shop.python=" + Pythons.interpreter())) {
      return application.get("/shop/").body();
    }
  }

  private List<String> cached(String prefix) throws IOException {
    try (var files = Files.list(folder.resolve("cache"))) {
      return files
          .filter(Files::isDirectory)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .toList();
    }
  }

  @Test
  void aProjectIsUnpackedOnceAndAgainWhenItChanges() throws Exception {
    String first = answer();
    Path unpacked = Path.of(first.replaceFirst(".* in ", ""));
    assertThat(unpacked).hasParent(folder.resolve("cache")).isDirectory();
    assertThat(Files.getPosixFilePermissions(unpacked))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(unpacked.resolve("pier/site.txt")).hasContent("kept");
    Object made = Files.getAttribute(unpacked, "unix:ino");

    assertThat(answer()).isEqualTo(first);
    assertThat(Files.getAttribute(unpacked, "unix:ino")).isEqualTo(made);

    put("python/pier/site.txt", "changed");
    assertThat(answer()).isNotEqualTo(first);
    assertThat(cached("python-")).hasSize(2);
  }

  @Test
  void packagesThatTheJarCarriesNeedNoNetwork() throws Exception {
    assertThat(answerAsThePageShows()).startsWith("with tides in ");
    assertThat(cached("venv-")).hasSize(1);
    assertThat(answerAsThePageShows()).startsWith("with tides in ");
    assertThat(cached("venv-")).hasSize(1);
  }

  @Test
  void anIndexThatCannotBeReachedIsTold(CapturedOutput output) {
    put(
        "python/requirements.txt",
        "--index-url http://127.0.0.1:9/\ntides==1.0 --hash=sha256:" + "0".repeat(64) + "\n");
    assertThatThrownBy(() -> answer("requirements=classpath:/python/requirements.txt"))
        .hasStackTraceContaining("pip install");
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The mount \"shop\" does not start: its packages are not installed")
        .contains("No matching distribution found for tides==1.0")
        .contains("Property: gangway.mounts.shop.requirements")
        .contains("If the package index cannot be reached")
        .contains("gangway.mounts.shop.wheels")
        .doesNotContain("\tat dev.gangway");
  }

  @Test
  void installingIsBounded(CapturedOutput output) {
    assertThatThrownBy(() -> answer("requirements=requirements.txt", "install-timeout=1ms"))
        .hasStackTraceContaining("it is not done after");
    assertThat(output).contains("its packages are not installed, it is not done after");
  }

  @Test
  void anEntryThatLeavesItsFolderIsRefused(CapturedOutput output) {
    put("python/../../escaped.txt", "escaped");
    assertThatThrownBy(this::answer).hasStackTraceContaining("leaves its folder");
    assertThat(output).contains("An entry of the jar leaves its folder: ../../escaped.txt");
    assertThat(folder.resolve("escaped.txt")).doesNotExist();
  }

  @Test
  void aFolderThatTheClassPathLacksIsTold(CapturedOutput output) {
    assertThatThrownBy(() -> answer("requirements=classpath:/missing/requirements.txt"))
        .isNotNull();
    assertThat(output)
        .contains("The class path has no folder classpath:/missing/")
        .contains("Property: gangway.mounts.shop.requirements");
  }
}
