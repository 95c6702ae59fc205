package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayInputTest {

  private static GatewayInput input(String text) {
    return new GatewayInput(new Trickle(text));
  }

  /** Hands out three bytes at a time, as a network may. */
  private static final class Trickle extends ByteArrayInputStream {
    Trickle(String text) {
      super(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
      return super.read(bytes, offset, Math.min(length, 3));
    }
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void readsLinesWithTheirLineFeeds() throws IOException {
    GatewayInput input = input("one\n\nthree four five\nlast");
    assertThat(text(input.readLine())).isEqualTo("one\n");
    assertThat(text(input.readLine())).isEqualTo("\n");
    assertThat(text(input.readLine())).isEqualTo("three four five\n");
    assertThat(text(input.readLine())).isEqualTo("last");
    assertThat(input.readLine()).isNull();
  }

  @Test
  void readsTheBeginningOfALine() throws IOException {
    GatewayInput input = input("abcdefgh\nx");
    assertThat(text(input.readLine(2))).isEqualTo("ab");
    assertThat(text(input.readLine(5))).isEqualTo("cdefg");
    assertThat(text(input.readLine(5))).isEqualTo("h\n");
    assertThat(text(input.readLine(1))).isEqualTo("x");
    assertThat(input.readLine(1)).isNull();
  }

  @Test
  void readsLinesLongerThanItsBuffer() throws IOException {
    String line = "x".repeat(20_000) + "\n";
    GatewayInput input = input(line + line);
    assertThat(text(input.readLine())).isEqualTo(line);
    assertThat(text(input.readLine(15_000))).isEqualTo(line.substring(0, 15_000));
    assertThat(text(input.readLine())).isEqualTo(line.substring(15_000));
    assertThat(input.readLine()).isNull();
  }

  @Test
  void readsLinesUpToAHint() throws IOException {
    GatewayInput input = input("one\ntwo\nthree\n");
    assertThat(input.readLines(5))
        .extracting(GatewayInputTest::text)
        .containsExactly("one\n", "two\n");
    assertThat(input.readLines(0)).extracting(GatewayInputTest::text).containsExactly("three\n");
  }

  @Test
  void mixesLinesAndBytes() throws IOException {
    GatewayInput input = input("one\ntwo\nthree");
    assertThat(input.read()).isEqualTo('o');
    assertThat(text(input.readLine())).isEqualTo("ne\n");
    assertThat(text(input.readNBytes(2))).isEqualTo("tw");
    assertThat(input.read(new byte[0])).isZero();
    List<String> lines = new ArrayList<>();
    input.forEach(line -> lines.add(text(line)));
    assertThat(lines).containsExactly("o\n", "three");
    assertThat(input.read()).isEqualTo(-1);
    assertThat(input.readAllBytes()).isEmpty();
  }

  @Test
  void readsLargeBodiesWhole() throws IOException {
    String body = "0123456789".repeat(10_000);
    assertThat(text(input(body).readAllBytes())).isEqualTo(body);
  }

  @Test
  void passesOnThatTheBodyIsCutShort() {
    InputStream cut =
        new SequenceInputStream(
            new Trickle("half a li"),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("cut short");
              }

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("cut short");
              }
            });
    GatewayInput input = new GatewayInput(cut);
    assertThatThrownBy(input::readLine).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> input.iterator().next()).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void refusesALineWithoutRoom() {
    assertThatThrownBy(() -> input("x").readLine(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
