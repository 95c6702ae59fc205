package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {

  @Test
  void takesAHeadApart() {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Set-Cookie", "a"));
    headers.add(new Header("content-length", "5000000000"));
    headers.add(new Header("X-Empty", ""));
    ResponseHead head = ResponseHead.of("404 Not Found", headers);
    List<Header> before = List.copyOf(headers);
    headers.clear();
    assertThat(head).isEqualTo(new ResponseHead(404, "Not Found", before, 5_000_000_000L));
    assertThat(ResponseHead.of("200 ", List.of()).reason()).isEmpty();
    assertThat(ResponseHead.of("200 OK", List.of()).contentLength()).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"100, false", "199, false", "200, true", "204, false", "205, true", "304, false"})
  void knowsWhichResponsesHaveABody(String status, boolean allows) {
    assertThat(ResponseHead.of(status + " X", List.of()).allowsBody()).isEqualTo(allows);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "200",
        "200OK",
        "20 OK",
        "2000 OK",
        "abc OK",
        "099 X",
        "200 a\rb",
        "200 \u0100",
        "\u0662\u0660\u0660 OK"
      })
  void refusesAMalformedStatus(String status) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResponseHead.of(status, List.of()))
        .withMessageContaining("three digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "\u00e9", "a\n", "(a)", "a\u0000"})
  void refusesAMalformedName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResponseHead.of("200 OK", List.of(new Header(name, "x"))))
        .withMessageContaining("header name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\nSet-Cookie: x", "\u0000", "\t", "\u007f", "\u0100"})
  void refusesAMalformedValue(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResponseHead.of("200 OK", List.of(new Header("X", value))))
        .withMessageContaining("header X")
        .withMessageNotContainingAny("\n", "\r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection", "KEEP-ALIVE", "Transfer-Encoding", "te", "Upgrade"})
  void refusesWhatIsHopByHop(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResponseHead.of("200 OK", List.of(new Header(name, "x"))))
        .withMessageContaining("hop-by-hop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", " 1", "1,1", "0x1", "9223372036854775808", "\u0661"})
  void refusesAMalformedLength(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResponseHead.of("200 OK", List.of(new Header("Content-Length", value))));
  }

  @Test
  void refusesTwoLengths() {
    Header length = new Header("Content-Length", "1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResponseHead.of("200 OK", List.of(length, length)))
        .withMessageContaining("twice");
  }
}
