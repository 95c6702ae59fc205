package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.Environ;
import dev.gangway.Header;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireFormatTest {

  private static byte[] head(String fields) {
    byte[] text = fields.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(4 + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(text.length)
        .put(text)
        .array();
  }

  private static ResponseHead read(byte[] payload) {
    return ResponseHead.read(payload, payload.length);
  }

  @Test
  void readsAHead() {
    ResponseHead head = read(head("404 Not Found\0A\0b\0Set-Cookie\0c\0Set-Cookie\0\u00e9"));
    assertThat(head.status()).isEqualTo(404);
    assertThat(head.reason()).isEqualTo("Not Found");
    assertThat(head.headers())
        .containsExactly(
            new Header("A", "b"),
            new Header("Set-Cookie", "c"),
            new Header("Set-Cookie", "\u00e9"));
  }

  @Test
  void readsAHeadWithAnEmptyReasonAndAnEmptyValue() {
    ResponseHead head = read(head("204 \0A\0"));
    assertThat(head.reason()).isEmpty();
    assertThat(head.headers()).containsExactly(new Header("A", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "20",
        "abc OK",
        "200 OK\0A",
        "200 OK\0\0b",
        "200 OK\0A\0b\r\nC: d",
        "000 None"
      })
  void refusesAMalformedHead(String fields) {
    assertThatIllegalArgumentException().isThrownBy(() -> read(head(fields)));
  }

  @Test
  void refusesAHeadThatPointsOutsideOfItsPayload() {
    byte[] payload = head("200 OK");
    for (int length : new int[] {-1, Integer.MAX_VALUE, payload.length, 0}) {
      ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
      assertThatIllegalArgumentException().isThrownBy(() -> read(payload));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> ResponseHead.read(payload, 3));
  }

  private static final RequestIds IDS = new RequestIds();

  private static RequestEncoder encoded(Map<String, String> environ) throws Exception {
    RequestEncoder encoder = new RequestEncoder(1000);
    encoder.write(Environ.of(environ), IDS);
    return encoder;
  }

  @Test
  void namesARequestByItsTraceOrItsHeaderOrMakesANameUp() throws Exception {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    RequestEncoder traced =
        encoded(
            Map.of(
                "HTTP_TRACEPARENT",
                "00-" + trace + "-00f067aa0ba902b7-01",
                "HTTP_X_REQUEST_ID",
                "other"));
    assertThat(traced.requestId()).isEqualTo(traced.traceId()).isEqualTo(trace);
    RequestEncoder named =
        encoded(Map.of("HTTP_TRACEPARENT", "00-nonsense", "HTTP_X_REQUEST_ID", "7b1e"));
    assertThat(named.requestId())
        .isEqualTo(named.value(RequestEncoder.REQUEST_ID))
        .isEqualTo("7b1e");
    assertThat(named.traceId()).isNull();
    assertThat(encoded(Map.of("HTTP_X_REQUEST_ID", "a\nb")).requestId())
        .matches("[0-9a-f]{8}-[0-9a-f]+");
    assertThat(encoded(Map.of()).requestId()).isNotEqualTo(encoded(Map.of()).requestId());
  }

  @Test
  void writesAnEnvironAsScgiDoes() throws Exception {
    RequestEncoder encoder = new RequestEncoder(1000);
    encoder.write(
        Environ.of(new TreeMap<>(Map.of("A", "\u00e9", "B", "", "wsgi.run_once", true))), IDS);
    assertThat(new String(encoder.bytes(), 4, encoder.size() - 4, StandardCharsets.ISO_8859_1))
        .isEqualTo("A\0\u00e9\0B\0\0gangway.request_id\0" + encoder.requestId());
    assertThat(encoder.bytes()[0]).isEqualTo((byte) (encoder.size() - 4));
  }

  @Test
  void aValueCannotPoseAsAnotherField() {
    assertThatThrownBy(
            () ->
                new RequestEncoder(1000)
                    .write(Environ.of(Map.of("A", "b\0REMOTE_USER\0admin")), IDS))
        .isInstanceOf(RequestEncoder.Unencodable.class)
        .extracting("status")
        .isEqualTo(400);
  }

  @Test
  void aCharacterThatIsNoByteCannotBecomeTheSeparator() {
    assertThatThrownBy(
            () ->
                new RequestEncoder(1000)
                    .write(Environ.of(Map.of("A", "b\u0100REMOTE_USER\u0100admin")), IDS))
        .isInstanceOf(RequestEncoder.Unencodable.class)
        .extracting("status")
        .isEqualTo(500);
  }

  @Test
  void anEnvironThatIsTooLargeIs431() {
    assertThatThrownBy(
            () -> new RequestEncoder(1000).write(Environ.of(Map.of("A", "b".repeat(1000))), IDS))
        .isInstanceOf(RequestEncoder.Unencodable.class)
        .extracting("status")
        .isEqualTo(431);
  }
}
