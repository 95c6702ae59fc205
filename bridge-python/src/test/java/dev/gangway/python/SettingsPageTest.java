package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsPageTest {

  @Test
  void thePageListsEverySettingAsTheCodeDescribesIt() throws Exception {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/python.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    List<String> expected =
        Arrays.stream(PythonSetting.values())
            .map(
                setting ->
                    "| `%s` | %s | %s |"
                        .formatted(
                            setting.settingName(), setting.description(), setting.defaultValue())
                        .replace("|  |", "| |"))
            .toList();
    assertThat(rows).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(PythonSetting.class)
  void everySettingIsAMethodOfTheBuilder(PythonSetting setting) {
    String[] words = setting.settingName().split("-", -1);
    StringBuilder method = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      method
          .append(words[i].substring(0, 1).toUpperCase(Locale.ROOT))
          .append(words[i].substring(1));
    }
    assertThat(PythonApplication.Builder.class.getMethods())
        .extracting(Method::getName)
        .contains(method.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "workers, 0",
    "workers, many",
    "threads, 99999999999",
    "queue-timeout, soon",
    "graceful-timeout, -1",
    "request-buffering, perhaps",
    "env, NOTHING",
    "slot-size, 1000",
    "slot-size, 20001",
    "slots, 0",
    "limit-request-body, -1",
  })
  void aWrongValueIsNamed(String name, String value) {
    PythonSetting setting =
        Arrays.stream(PythonSetting.values())
            .filter(one -> one.settingName().equals(name))
            .findFirst()
            .orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              PythonApplication.Builder builder = PythonApplication.builder("fixtures:hello");
              setting.apply(builder, value);
              builder.start();
            })
        .withMessageContaining(name);
  }

  @Test
  void valuesOfEnvironmentVariablesMayHoldCommas() throws Exception {
    PythonApplication.Builder builder =
        PythonApplication.builder("fixtures:variable").chdir(Path.of("src/test/python")).workers(1);
    PythonSetting.ENV.apply(builder, "ALLOWED_HOSTS=a.example,b.example\n  GREETING=x=y  \n");
    try (PythonApplication application = builder.start()) {
      assertThat(BlockingCall.get(application, "/?ALLOWED_HOSTS").text())
          .isEqualTo("a.example,b.example");
      assertThat(BlockingCall.get(application, "/?GREETING").text()).isEqualTo("x=y");
    }
  }
}
