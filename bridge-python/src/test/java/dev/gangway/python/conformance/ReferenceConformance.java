package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.conformance.RawHttp;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Well-behaved applications answer the same inside {@code wsgiref.validate} and inside Werkzeug's
 * lint middleware, which object to what the server does wrong.
 */
public abstract class ReferenceConformance extends PythonTest {

  @BeforeAll
  static void isInstalled() {
    Pythons.require(Pythons.has("werkzeug"), "Werkzeug");
  }

  @Override
  PythonMount mount() {
    return PythonMount.of("references:application");
  }

  private static final String[] BY_VALIDATOR_ONLY = {
    // Werkzeug wants a Content-Length of 0 with 204 and no length with 304; the RFC does not.
    "status?204+No+Content",
    "not_modified",
    // It objects to reading lines at all.
    "lines",
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "stream?3",
        "stream?0",
        "writes",
        "nothing",
        "empty_chunks",
        "many_chunks",
        "large?1000",
        "large?500000",
        "declared",
        "cookies",
        "status?404+Not+Found",
        "status?204+No+Content",
        "not_modified",
        "latin1_header",
        "replaced_head",
        "temporary_file",
        "memory_file",
        "logs"
      })
  void answersGetAndHeadAlike(String target) throws Exception {
    answersAlike("GET", target, "");
    answersAlike("HEAD", target, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo_in_parts", "digest"})
  void answersPostAlike(String target) throws Exception {
    for (int size : new int[] {0, 1, 10_000, 300_000}) {
      answersAlike("POST", target, "b".repeat(size));
    }
  }

  private void answersAlike(String method, String target, String body) throws Exception {
    try (ServerLog log = log("gangway.worker");
        ServerLog errors = log("python.stderr")) {
      RawHttp.Response plain = answer(method, "/plain/" + target, body);
      assertThat(plain.status()).isLessThan(600).isGreaterThan(199).isNotEqualTo(500);
      assertSame(plain, answer(method, "/validated/" + target, body));
      // The body of a response to HEAD is not asked for; Werkzeug counts its bytes all the same.
      boolean uncounted = method.equals("HEAD") && target.equals("declared");
      if (!uncounted && !List.of(BY_VALIDATOR_ONLY).contains(target)) {
        assertSame(plain, answer(method, "/linted/" + target, body));
      }
      // A warning raised in close() shows in the log only; the next request comes after it.
      answer("GET", "/plain/hello", "");
      assertThat(log.entries()).noneMatch(it -> it.level().intValue() > Level.INFO.intValue());
      assertThat(errors.messages())
          .noneMatch(
              it -> it.contains("Error") || it.contains("Warning") || it.contains("garbage"));
    }
  }

  private RawHttp.Response answer(String method, String target, String body) throws Exception {
    String head =
        head(method, target, "Content-Length: " + body.length(), "Content-Type: text/plain");
    return RawHttp.exchange(port(), head + "Connection: close\r\n\r\n" + body);
  }

  /** Except for how the body is delimited: what is checked is not a list any more. */
  private static void assertSame(RawHttp.Response plain, RawHttp.Response checked) {
    assertThat(checked.status()).as(checked.text()).isEqualTo(plain.status());
    assertThat(checked.text()).isEqualTo(plain.text());
    assertThat(comparable(checked)).isEqualTo(comparable(plain));
    assertThat(checked.isComplete()).isTrue();
  }

  private static List<String> comparable(RawHttp.Response response) {
    return response.fields().stream()
        .filter(
            field ->
                !List.of("date", "content-length", "transfer-encoding")
                    .contains(field.toLowerCase(Locale.ROOT).split(":", 2)[0]))
        .sorted()
        .toList();
  }
}
