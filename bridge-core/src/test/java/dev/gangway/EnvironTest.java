package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class EnvironTest {

  private final List<String> asked = new ArrayList<>();

  private final Environ environ =
      new Environ(
          new EnvironSource() {
            @Override
            public Object get(String key) {
              asked.add(key);
              return key.startsWith("K") ? "v" + key.substring(1) : null;
            }

            @Override
            public void forEach(BiConsumer<String, Object> action) {
              asked.add("*");
              action.accept("K1", "v1");
              action.accept("K2", "v2");
            }
          });

  @Test
  void asksForAValueOnce() {
    assertThat(environ.get("K1")).isEqualTo("v1");
    assertThat(environ.get("K1")).isEqualTo("v1");
    assertThat(asked).containsExactly("K1");
    assertThat(environ.peek("K1")).isEqualTo("v1");
    assertThat(environ.peek("K2")).isNull();
  }

  @Test
  void belongsToTheApplication() {
    environ.put("mine", 1);
    environ.put("K1", "other");
    assertThat(environ.remove("K2")).isEqualTo("v2");
    assertThat(environ).containsOnly(Map.entry("mine", 1), Map.entry("K1", "other"));
    assertThat(environ.get("K2")).isNull();
    assertThat(environ.containsKey("K2")).isFalse();
  }

  @Test
  void handsOutEveryKeyOnce() {
    environ.put("K1", "other");
    environ.put("mine", 1);
    Map<String, Object> seen = new HashMap<>();
    environ.forEach((key, value) -> assertThat(seen.put(key, value)).isNull());
    assertThat(seen)
        .containsOnly(Map.entry("K1", "other"), Map.entry("K2", "v2"), Map.entry("mine", 1));
  }

  @Test
  void putsTextAsItsBytes() {
    environ.putText("name", "J\u00f6rg");
    assertThat(environ.string("name")).isEqualTo("J\u00c3\u00b6rg");
  }

  @Test
  void hasTypedAccessors() {
    Environ typed =
        Environ.of(
            Map.of(
                "REQUEST_METHOD", "POST",
                "SCRIPT_NAME", "/app",
                "PATH_INFO", "/x",
                "CONTENT_TYPE", "a/b",
                "CONTENT_LENGTH", "5000000000",
                "HTTP_X_Y", "z",
                "wsgi.url_scheme", "https"));
    assertThat(typed.requestMethod()).isEqualTo("POST");
    assertThat(typed.scriptName()).isEqualTo("/app");
    assertThat(typed.pathInfo()).isEqualTo("/x");
    assertThat(typed.queryString()).isEmpty();
    assertThat(typed.contentType()).isEqualTo("a/b");
    assertThat(typed.contentLength()).isEqualTo(5_000_000_000L);
    assertThat(typed.header("x-Y")).isEqualTo("z");
    assertThat(typed.header("Content-Type")).isEqualTo("a/b");
    assertThat(typed.urlScheme()).isEqualTo("https");
    assertThatThrownBy(typed::input).isInstanceOf(IllegalStateException.class);
    assertThat(Environ.of(Map.of()).contentLength()).isEqualTo(-1);
  }
}
