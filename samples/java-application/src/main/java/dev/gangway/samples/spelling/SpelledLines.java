package dev.gangway.samples.spelling;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/** Each line of a text, spelled when it is asked for. */
final class SpelledLines implements Iterator<byte[]> {

  private final Iterator<byte[]> lines;

  SpelledLines(Iterator<byte[]> lines) {
    this.lines = lines;
  }

  @Override
  public boolean hasNext() {
    return lines.hasNext();
  }

  @Override
  public byte[] next() {
    String line = new String(lines.next(), StandardCharsets.UTF_8);
    return (String.join(" ", Spelling.spell(line)) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
