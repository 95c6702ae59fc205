package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The answer where the application has none: a line of plain text that tells nothing of it. */
final class ErrorPage {

  private ErrorPage() {}

  /**
   * Writes the page.
   *
   * @param response not committed
   * @param status the three digits
   * @throws IOException if the client has left
   */
  static void write(HttpServletResponse response, int status) throws IOException {
    byte[] text = begin(response, status);
    response.getOutputStream().write(text);
  }

  /**
   * Sets the head of an answer, in place of what has been written to the buffer.
   *
   * @param response not committed
   * @param status the three digits
   * @return the body, which is to be written
   */
  static byte[] begin(HttpServletResponse response, int status) {
    byte[] text = text(status).getBytes(StandardCharsets.US_ASCII);
    response.resetBuffer();
    response.setStatus(status);
    response.setContentType("text/plain;charset=utf-8");
    response.setContentLengthLong(text.length);
    return text;
  }

  /**
   * The text of the page.
   *
   * @param status the three digits
   * @return a line
   */
  static String text(int status) {
    return switch (status) {
      case 400 -> "Bad Request\n";
      case 413 -> "Content Too Large\n";
      case 500 -> "Internal Server Error\n";
      case 502 -> "Bad Gateway\n";
      case 503 -> "Service Unavailable\n";
      case 504 -> "Gateway Timeout\n";
      default -> "Error " + status + "\n";
    };
  }
}
