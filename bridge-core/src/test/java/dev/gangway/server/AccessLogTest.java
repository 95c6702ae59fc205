package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogTest {

  private static final String TRACEPARENT =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private record Request(
      @Nullable String remoteAddress,
      @Nullable String remoteUser,
      @Nullable String method,
      @Nullable String path,
      @Nullable String query,
      Map<String, String> headers)
      implements LoggedRequest {

    static Request with(Map<String, String> headers) {
      return new Request("192.0.2.1", null, "GET", "/caf%C3%A9", "a=1", headers);
    }

    @Override
    public String protocol() {
      return "HTTP/1.1";
    }

    @Override
    public int status() {
      return 200;
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public Instant received() {
      return Instant.parse("2026-11-20T10:00:00Z");
    }

    @Override
    public long nanos() {
      return 12_034_567_890L;
    }

    @Override
    public @Nullable String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public @Nullable String responseHeader(String name) {
      return name.equals("Content-Type") ? "text/plain" : null;
    }

    @Override
    public @Nullable Object notes() {
      return null;
    }
  }

  private static String line(String format, LoggedRequest request) {
    List<String> lines = new ArrayList<>();
    AccessLog.of(format, lines::add).log(request);
    return String.join("\n", lines);
  }

  private static String line(String format) {
    return line(format, Request.with(Map.of("user-agent", "test", "traceparent", TRACEPARENT)));
  }

  @Test
  void hasGunicornsFormatByDefault() {
    assertThat(line(AccessLog.DEFAULT_FORMAT))
        .matches(
            "192\\.0\\.2\\.1 - - \\[20/Nov/2026:\\d\\d:00:00 [+-]\\d{4}]"
                + " \"GET /caf%C3%A9\\?a=1 HTTP/1\\.1\" 200 0 \"-\" \"test\"");
  }

  @ParameterizedTest
  @CsvSource({
    "h,192.0.2.1",
    "l,-",
    "u,-",
    "r,GET /caf%C3%A9?a=1 HTTP/1.1",
    "m,GET",
    "U,/caf%C3%A9",
    "q,a=1",
    "H,HTTP/1.1",
    "s,200",
    "b,0",
    "B,0",
    "f,-",
    "a,test",
    "T,12",
    "M,12034",
    "D,12034567",
    "L,12.034567",
    "p,-",
    "{user-agent}i,test",
    "{X-None}i,-",
    "{Content-Type}o,text/plain",
    "{REQUEST_METHOD}e,GET",
    "{HTTP_USER_AGENT}e,test",
    "{wsgi.input}e,-",
    "{queue_time}g,-",
    "{request_id}g,4bf92f3577b34da6a3ce929d0e0e4736",
    "{trace_id}g,4bf92f3577b34da6a3ce929d0e0e4736",
  })
  void knowsEachLetter(String name, String value) {
    assertThat(line("<%(" + name + ")s>")).isEqualTo("<" + value + ">");
  }

  @Test
  void showsTextBetweenFieldsAsItIs() {
    assertThat(line("100%% of {%(m)s} in %(D)d us")).isEqualTo("100% of {GET} in 12034567 us");
  }

  @Test
  void readsTheUserOfBasicAuthentication() {
    assertThat(line("%(u)s", Request.with(Map.of("authorization", "Basic QW5uYTpwYXNz"))))
        .isEqualTo("Anna");
    assertThat(line("%(u)s", Request.with(Map.of("authorization", "Basic ???")))).isEqualTo("-");
    assertThat(line("%(u)s", Request.with(Map.of("authorization", "Bearer QW5uYTpwYXNz"))))
        .isEqualTo("-");
    assertThat(line("%(u)s", new Request("::1", "Berta", "GET", "/", null, Map.of())))
        .isEqualTo("Berta");
  }

  @Test
  void letsNoClientMakeUpLinesOrFields() {
    Request request =
        Request.with(
            Map.of(
                "user-agent",
                "\" 500 \\\n\u001b[31m\u0085",
                "authorization",
                "Basic " + base64("a\nb\":x")));
    assertThat(line("\"%(a)s\" %(u)s", request))
        .isEqualTo("\"\\\" 500 \\\\\\x0a\\x1b[31m\\x85\" a\\x0ab\\\"");
  }

  private static String base64(String text) {
    return java.util.Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void logsRequestsThatCouldNotBeRead() {
    assertThat(line("\"%(r)s\" %(q)s", new Request(null, null, null, null, null, Map.of())))
        .isEqualTo("\"- - HTTP/1.1\" ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%(x)s", "%({x}y)s", "%({x}g)s", "%h", "%", "%(h)", "%(h)x", "%()s"})
  void refusesFieldsThatThereAreNot(String format) {
    assertThatThrownBy(() -> line(format))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("%");
  }
}
