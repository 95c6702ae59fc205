package dev.gangway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + TRACE + "-00f067aa0ba902b7-01",
        "cc-" + TRACE + "-00f067aa0ba902b7-01",
        "cc-" + TRACE + "-00f067aa0ba902b7-01-what-the-future-brings",
      })
  void readsTheTraceIdOfThisAndLaterVersions(String header) {
    assertThat(TraceContext.traceId(header)).isEqualTo(TRACE);
    assertThat(TraceContext.requestId(header, "other")).isEqualTo(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-" + TRACE + "-00f067aa0ba902b7-0",
        "00-" + TRACE + "-00f067aa0ba902b7-01-more",
        "cc-" + TRACE + "-00f067aa0ba902b7-01.more",
        "ff-" + TRACE + "-00f067aa0ba902b7-01",
        "0x-" + TRACE + "-00f067aa0ba902b7-01",
        "00_" + TRACE + "-00f067aa0ba902b7-01",
        "00-" + TRACE + "_00f067aa0ba902b7-01",
        "00-" + TRACE + "-00f067aa0ba902b7_01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-" + TRACE + "-00f067aa0ba902b7-01,00-" + TRACE + "-00f067aa0ba902b7-01",
      })
  void ignoresWhatIsMalformed(String header) {
    assertThat(TraceContext.traceId(header)).isNull();
    assertThat(TraceContext.requestId(header, "7b1e")).isEqualTo("7b1e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "a\"b", "[a]", "\u00e4"})
  void takesNoRequestIdThatCouldBeMistakenInALog(String header) {
    assertThat(TraceContext.requestId(null, header)).isNull();
  }

  @Test
  void takesNoRequestIdThatFillsALog() {
    assertThat(TraceContext.requestId(null, "x".repeat(128))).hasSize(128);
    assertThat(TraceContext.requestId(null, "x".repeat(129))).isNull();
    assertThat(TraceContext.requestId(null, null)).isNull();
  }
}
