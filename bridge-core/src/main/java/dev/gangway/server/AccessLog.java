package dev.gangway.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An access log in a format of gunicorn's letters: {@code %(h)s} stands for the client's address,
 * {@code %({referer}i)s} for a header of the request, {@code %%} for a percent sign. The letters
 * are those of <a
 * href="https://docs.gunicorn.org/en/stable/settings.html#access-log-format">gunicorn</a>, and
 * {@code {queue_time}g}, {@code {request_id}g} and {@code {trace_id}g}. What there is no value for
 * is {@code -}. Quotes, backslashes and control characters in values are escaped, so that no client
 * can make lines or fields up. Safe for many threads if the receiver of the lines is.
 */
public final class AccessLog {

  /** gunicorn's default, which is Apache's combined format. */
  public static final String DEFAULT_FORMAT =
      "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\"";

  private static final Pattern FIELD = Pattern.compile("%(?:%|\\(([^)]*)\\)[sd])");

  private final List<AccessLogField> fields;
  private final Consumer<String> lines;

  private AccessLog(List<AccessLogField> fields, Consumer<String> lines) {
    this.fields = fields;
    this.lines = lines;
  }

  /**
   * A log.
   *
   * @param format such as {@link #DEFAULT_FORMAT}
   * @param lines takes each line, without its end; called by many threads
   * @return the log
   * @throws IllegalArgumentException if the format has a field that there is not
   */
  public static AccessLog of(String format, Consumer<String> lines) {
    List<AccessLogField> fields = new ArrayList<>();
    Matcher field = FIELD.matcher(format);
    int done = 0;
    while (field.find()) {
      literal(format, done, field.start(), fields);
      String name = field.group(1);
      fields.add(name == null ? (request, line) -> line.append('%') : AccessLogField.of(name));
      done = field.end();
    }
    literal(format, done, format.length(), fields);
    return new AccessLog(List.copyOf(fields), lines);
  }

  private static void literal(String format, int start, int end, List<AccessLogField> fields) {
    String text = format.substring(start, end);
    int percent = text.indexOf('%');
    if (percent >= 0) {
      throw new IllegalArgumentException(
          "The access log's format has \""
              + text.substring(percent)
              + "\" where a field such as %(h)s is expected. Write %% for a percent sign.");
    }
    if (!text.isEmpty()) {
      fields.add((request, line) -> line.append(text));
    }
  }

  /**
   * Logs a request that is over.
   *
   * @param request what the container knows about it
   */
  public void log(LoggedRequest request) {
    StringBuilder line = new StringBuilder(200);
    for (AccessLogField field : fields) {
      field.append(request, line);
    }
    lines.accept(line.toString());
  }
}
