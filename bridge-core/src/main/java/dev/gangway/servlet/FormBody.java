package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the body of a form again, after {@code getParameter} made the container read it. */
final class FormBody {

  /** Where Jetty keeps a form that it has read; its stream does not tell. */
  private static final String JETTY_FORM = "org.eclipse.jetty.server.FormFields";

  private FormBody() {}

  /**
   * Whether the container has read the body for its parameters.
   *
   * @param request with the content type of a form
   * @return false if the body can be read
   */
  static boolean isConsumed(HttpServletRequest request) {
    if (request.getAttribute(JETTY_FORM) != null) {
      return true;
    }
    try {
      return request.getInputStream().isFinished();
    } catch (IOException | IllegalStateException e) {
      return false; // Whoever reads the body meets the same exception, and reports it.
    }
  }

  /**
   * The body.
   *
   * @param request whose body {@link #isConsumed}
   * @return the parameters that did not come with the query, or null if there are none
   */
  static byte @Nullable [] of(HttpServletRequest request) {
    Map<String, Integer> inQuery = countNames(request.getQueryString());
    Map<String, String[]> parameters = request.getParameterMap();
    Charset charset = charset(request, parameters);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    parameters.forEach(
        (name, values) -> {
          // Servlet 6.0, section 3.1: the values of the query come before those of the body.
          for (int i = inQuery.getOrDefault(name, 0); i < values.length; i++) {
            if (body.size() > 0) {
              body.write('&');
            }
            body.writeBytes(encode(name, charset));
            body.write('=');
            body.writeBytes(encode(values[i], charset));
          }
        });
    return body.size() == 0 ? null : body.toByteArray();
  }

  private static byte[] encode(String text, Charset charset) {
    return URLEncoder.encode(text, charset).getBytes(StandardCharsets.US_ASCII);
  }

  private static Map<String, Integer> countNames(@Nullable String query) {
    Map<String, Integer> names = new HashMap<>();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        if (!pair.isEmpty()) {
          try {
            names.merge(URLDecoder.decode(name, StandardCharsets.UTF_8), 1, Integer::sum);
          } catch (IllegalArgumentException e) {
            // A malformed escape: the container has no such parameter either.
          }
        }
      }
    }
    return names;
  }

  /**
   * The charset with which the parameters become the bytes that were sent. Without a declared one,
   * Tomcat decodes as latin-1 and Jetty as UTF-8.
   */
  private static Charset charset(HttpServletRequest request, Map<String, String[]> parameters) {
    String declared = request.getCharacterEncoding();
    if (declared != null) {
      try {
        return Charset.forName(declared);
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        return StandardCharsets.UTF_8;
      }
    }
    StringBuilder all = new StringBuilder();
    parameters.forEach((name, values) -> all.append(name).append(String.join("", values)));
    if (all.chars().anyMatch(c -> c > 0xFF)) {
      return StandardCharsets.UTF_8;
    }
    try {
      byte[] bytes = all.toString().getBytes(StandardCharsets.ISO_8859_1);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return StandardCharsets.ISO_8859_1;
    } catch (CharacterCodingException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
