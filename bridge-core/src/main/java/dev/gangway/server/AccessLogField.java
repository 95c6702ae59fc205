package dev.gangway.server;

import dev.gangway.servlet.RequestNotes;
import dev.gangway.servlet.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One field of a line in the access log. */
@FunctionalInterface
interface AccessLogField {

  /** Apache's format of times. */
  DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss Z']'", Locale.ENGLISH)
          .withZone(ZoneId.systemDefault());

  /** Appends the field's value. */
  void append(LoggedRequest request, StringBuilder line);

  /**
   * The field of a name.
   *
   * @param name gunicorn's letter, or a name in braces and a letter
   * @throws IllegalArgumentException if there is no such field
   */
  static AccessLogField of(String name) {
    if (name.startsWith("{") && name.indexOf('}') == name.length() - 2) {
      return named(name.substring(1, name.length() - 2), name.charAt(name.length() - 1));
    }
    return switch (name) {
      case "h" -> text(LoggedRequest::remoteAddress);
      case "l" -> text(request -> null);
      case "u" -> text(AccessLogField::user);
      case "t" -> (request, line) -> line.append(TIME.format(request.received()));
      case "r" -> AccessLogField::requestLine;
      case "m" -> text(LoggedRequest::method);
      case "U" -> text(LoggedRequest::path);
      // Empty without a query, as gunicorn has it.
      case "q" -> text(request -> request.query() == null ? "" : request.query());
      case "H" -> text(LoggedRequest::protocol);
      case "s" -> (request, line) -> line.append(request.status());
      case "b", "B" -> (request, line) -> line.append(request.bytes());
      case "f" -> text(request -> request.header("Referer"));
      case "a" -> text(request -> request.header("User-Agent"));
      case "T" -> (request, line) -> line.append(request.nanos() / 1_000_000_000);
      case "M" -> (request, line) -> line.append(request.nanos() / 1_000_000);
      case "D" -> (request, line) -> line.append(request.nanos() / 1_000);
      case "L" -> (request, line) -> seconds(request.nanos(), line);
      case "p" -> noted(AccessLogField::pid);
      default -> throw unknown(name);
    };
  }

  private static AccessLogField named(String name, char letter) {
    return switch (letter) {
      case 'i' -> text(request -> request.header(name));
      case 'o' -> text(request -> request.responseHeader(name));
      case 'e' -> text(request -> variable(request, name));
      case 'g' ->
          switch (name) {
            case "queue_time" -> noted(AccessLogField::queueTime);
            case "request_id" -> text(AccessLogField::requestId);
            case "trace_id" -> text(request -> TraceContext.traceId(request.header("traceparent")));
            default -> throw unknown("{" + name + "}g");
          };
      default -> throw unknown("{" + name + "}" + letter);
    };
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "The access log has no field %("
            + name
            + ")s. Use one of h l u t r m U q H s b B f a T M D L p, {header}i, {header}o,"
            + " {variable}e, {queue_time}g, {request_id}g, {trace_id}g.");
  }

  private static AccessLogField text(Function<LoggedRequest, @Nullable String> value) {
    return (request, line) -> escape(value.apply(request), line);
  }

  private static AccessLogField noted(Function<RequestNotes.Source, @Nullable String> value) {
    return text(
        request -> {
          RequestNotes.Source source = source(request);
          return source == null ? null : value.apply(source);
        });
  }

  private static RequestNotes.@Nullable Source source(LoggedRequest request) {
    return request.notes() instanceof RequestNotes notes ? notes.source() : null;
  }

  /** In angle brackets, as gunicorn has it. */
  private static @Nullable String pid(RequestNotes.Source source) {
    return source.workerPid() < 0 ? null : "<" + source.workerPid() + ">";
  }

  private static @Nullable String queueTime(RequestNotes.Source source) {
    if (source.queueNanos() < 0) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    seconds(source.queueNanos(), text);
    return text.toString();
  }

  private static @Nullable String requestId(LoggedRequest request) {
    RequestNotes.Source source = source(request);
    return source != null
        ? source.requestId()
        : TraceContext.requestId(request.header("traceparent"), request.header("X-Request-ID"));
  }

  private static @Nullable String variable(LoggedRequest request, String name) {
    RequestNotes.Source source = source(request);
    if (source != null) {
      return source.variable(name);
    }
    return switch (name) {
      case "REQUEST_METHOD" -> request.method();
      case "QUERY_STRING" -> request.query() == null ? "" : request.query();
      case "SERVER_PROTOCOL" -> request.protocol();
      case "REMOTE_ADDR" -> request.remoteAddress();
      case "REMOTE_USER" -> request.remoteUser();
      case "CONTENT_TYPE", "CONTENT_LENGTH" -> request.header(name.replace('_', '-'));
      default ->
          name.startsWith("HTTP_") ? request.header(name.substring(5).replace('_', '-')) : null;
    };
  }

  /** Also who says so without having been asked by the container, as gunicorn has it. */
  private static @Nullable String user(LoggedRequest request) {
    String user = request.remoteUser();
    String header = user == null ? request.header("Authorization") : null;
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      return user;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(6).strip());
      String credentials = new String(decoded, StandardCharsets.UTF_8);
      int colon = credentials.indexOf(':');
      return colon > 0 ? credentials.substring(0, colon) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void requestLine(LoggedRequest request, StringBuilder line) {
    escape(request.method(), line);
    line.append(' ');
    escape(request.path(), line);
    if (request.query() != null) {
      line.append('?');
      escape(request.query(), line);
    }
    line.append(' ');
    escape(request.protocol(), line);
  }

  private static void seconds(long nanos, StringBuilder line) {
    long micros = nanos / 1_000;
    line.append(micros / 1_000_000).append('.');
    String fraction = Long.toString(micros % 1_000_000);
    line.append("0".repeat(6 - fraction.length())).append(fraction);
  }

  private static void escape(@Nullable String text, StringBuilder line) {
    if (text == null) {
      line.append('-');
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (Character.isISOControl(c)) {
        line.append("\\x")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      } else if (c == '\u2028' || c == '\u2029') {
        // Some readers of logs take these for line ends too.
        line.append("\\u").append(Integer.toHexString(c));
      } else {
        line.append(c);
      }
    }
  }
}
