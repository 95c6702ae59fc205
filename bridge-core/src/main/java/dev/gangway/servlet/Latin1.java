package dev.gangway.servlet;

import java.nio.charset.StandardCharsets;

/** Makes "bytes as unicode" (PEP 3333, "Unicode Issues") of what a container hands out. */
final class Latin1 {

  private Latin1() {}

  /**
   * A string that the container read from bytes as latin-1, unless it shows that it was UTF-8.
   *
   * @param text a header value or a query
   * @return the same text with one character for each byte
   */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return ofUtf8(text);
      }
    }
    return text;
  }

  /**
   * Real text, as its bytes in UTF-8.
   *
   * @param text such as a user's name
   * @return one character for each byte
   */
  static String ofUtf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }
}
