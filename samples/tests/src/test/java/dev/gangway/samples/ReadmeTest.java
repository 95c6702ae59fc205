package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents at the root say what is true. */
class ReadmeTest {

  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- (\\S+) -->\n)?```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  private static String read(String document) throws IOException {
    return Files.readString(Samples.ROOT.resolve(document), UTF_8);
  }

  private static String withoutIndentation(String code) {
    return code.strip().replaceAll("(?m)^ +", "");
  }

  private static List<String> documents() throws IOException {
    List<String> documents = new ArrayList<>();
    documents.addAll(List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md"));
    try (Stream<Path> pages = Files.list(Samples.ROOT.resolve("docs"))) {
      pages
          .filter(page -> page.toString().endsWith(".md"))
          .map(page -> "docs/" + page.getFileName())
          .forEach(documents::add);
    }
    return documents;
  }

  @Test
  void theCodeIsInTheFileThatItNames() throws Exception {
    List<String> found = new ArrayList<>();
    for (String document : documents()) {
      Matcher block = BLOCK.matcher(read(document));
      while (block.find()) {
        // The tests of the front doors start nginx with what the page says.
        if (block.group(2).equals("sh") || block.group(2).equals("nginx")) {
          continue;
        }
        assertThat(block.group(1)).as("the file of\n%s", block.group(3)).isNotNull();
        assertThat(withoutIndentation(read(block.group(1))))
            .as(document)
            .contains(withoutIndentation(block.group(3)));
        found.add(block.group(2));
      }
    }
    assertThat(found).contains("java", "xml");
  }

  @Test
  void theCommandsAreThere() throws Exception {
    assertThat(read("README.md"))
        .contains("```sh\nsamples/run\n```")
        .contains("```sh\n./mvnw verify\n```");
    assertThat(Samples.ROOT.resolve("mvnw")).isExecutable();
    assertThat(Samples.SAMPLES.resolve("run")).isExecutable();
    assertThat(read(".ci/run")).contains("\n./mvnw -B verify\n");
  }

  @Test
  void everyLinkLeadsToAFile() throws Exception {
    for (String document : documents()) {
      Matcher link = LINK.matcher(read(document));
      while (link.find()) {
        assertThat(Samples.ROOT.resolve(document).resolveSibling(link.group(1)))
            .as(document)
            .exists();
      }
    }
  }

  @Test
  void everyModuleIsInTheTable() throws Exception {
    Matcher module = Pattern.compile("<module>(.+)</module>").matcher(read("pom.xml"));
    String readme = read("README.md");
    Stream.Builder<String> rows = Stream.builder();
    while (module.find()) {
      rows.add("| `" + module.group(1) + "` |");
    }
    assertThat(rows.build()).allSatisfy(row -> assertThat(readme).contains(row));
  }

  @Test
  void theWrapperIsAScriptAlone() throws Exception {
    Path wrapper = Samples.ROOT.resolve(".mvn/wrapper");
    try (Stream<Path> files = Files.list(wrapper)) {
      assertThat(files).containsExactly(wrapper.resolve("maven-wrapper.properties"));
    }
  }
}
