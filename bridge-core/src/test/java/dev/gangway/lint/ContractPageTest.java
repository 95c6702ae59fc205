package dev.gangway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContractPageTest {

  private static final Path PAGE = Path.of("..", "docs", "contract.md");

  private static List<String> rulesOf(Rule.Side side) {
    return Arrays.stream(Rule.values())
        .filter(rule -> rule.keptBy() == side)
        .map(rule -> "- `" + rule.name() + "`: " + rule.text())
        .toList();
  }

  private static List<String> listed(String heading) throws IOException {
    String page = Files.readString(PAGE);
    String section = page.substring(page.indexOf("## " + heading + "\n"));
    int next = section.indexOf("\n## ", 1);
    return (next < 0 ? section : section.substring(0, next))
        .lines()
        .filter(line -> line.startsWith("- "))
        .toList();
  }

  @Test
  void listsEveryRuleWordForWord() throws IOException {
    assertThat(listed("Rules for the server")).isEqualTo(rulesOf(Rule.Side.SERVER));
    assertThat(listed("Rules for the application")).isEqualTo(rulesOf(Rule.Side.APPLICATION));
  }
}
