package dev.gangway.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What happens to a request path that can be read in two ways: with {@code %2F}, {@code %5C},
 * {@code %25}, {@code %2E}, an empty segment ({@code //}) or bytes that are not UTF-8. A dot
 * segment with parameters ({@code /..;a/}) is always refused, because proxies and containers differ
 * about it.
 */
public enum EncodedPaths {
  /** The application gets it, as it does under gunicorn. Dot segments are still resolved before. */
  ACCEPT,
  /** The container refuses it with 400, as the Servlet specification wants. */
  REJECT;

  private static final Pattern DOTS_WITH_PARAMETERS =
      Pattern.compile("/(\\.|%2[Ee]){1,2};", Pattern.CASE_INSENSITIVE);

  private static final Pattern AMBIGUOUS =
      Pattern.compile("//|%(2F|5C|25|2E|[01][0-9A-F]|7F)", Pattern.CASE_INSENSITIVE);

  private static final Pattern ESCAPES =
      Pattern.compile("%[89A-F][0-9A-F]", Pattern.CASE_INSENSITIVE);

  /**
   * Whether a path is to be answered with 400.
   *
   * @param rawPath as the client sent it
   * @return true to refuse it
   */
  public boolean refuses(String rawPath) {
    if (rawPath.indexOf(';') >= 0 && DOTS_WITH_PARAMETERS.matcher(rawPath).find()) {
      return true;
    }
    return this == REJECT && (AMBIGUOUS.matcher(rawPath).find() || !isUtf8(rawPath));
  }

  private static boolean isUtf8(String rawPath) {
    if (!ESCAPES.matcher(rawPath).find()) {
      return true;
    }
    ByteBuffer bytes = ByteBuffer.allocate(rawPath.length());
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      if (c == '%' && i + 2 < rawPath.length()) {
        bytes.put((byte) Integer.parseInt(rawPath.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.put((byte) c);
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
