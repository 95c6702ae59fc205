package dev.gangway.servlet;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.MappingMatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits the raw path of a request into {@code SCRIPT_NAME} and {@code PATH_INFO}. The raw path is
 * the only source, because {@code getServletPath()} and {@code getPathInfo()} lose bytes that are
 * not UTF-8, and Jetty 12 throws from them for {@code %2F}.
 *
 * <p>The rules: percent-escapes become bytes, read as latin-1. Path parameters ({@code ;a=b}) stay
 * in {@code PATH_INFO} as they were sent; in the mount's own prefix, and for telling dot segments,
 * they do not count. Dot segments are resolved, as the container did before it matched the path;
 * what two readers could resolve differently is refused. Empty segments stay in {@code PATH_INFO}
 * and do not count in the prefix.
 *
 * @param scriptName where the application is mounted, {@code ""} at the root
 * @param pathInfo the rest
 */
record RequestPath(String scriptName, String pathInfo) {

  /** A segment of the path between two slashes, decoded: as it was sent, and without parameters. */
  private record Segment(String sent, String name) {}

  /**
   * Splits a path.
   *
   * @param requestUri as {@code getRequestURI()} returns it, undecoded
   * @param contextPath as {@code getContextPath()} returns it, undecoded
   * @param mapping how the servlet was found, or null for a filter
   * @return both parts
   * @throws BadRequestException if the path is malformed, or could be read in two ways
   */
  static RequestPath of(String requestUri, String contextPath, @Nullable HttpServletMapping mapping)
      throws BadRequestException {
    String path = pathOf(requestUri);
    String mount = mount(contextPath, mapping);
    if (isPlain(path)) {
      if (mount.isEmpty()) {
        return new RequestPath("", path);
      }
      if (path.startsWith(mount)
          && (path.length() == mount.length() || path.charAt(mount.length()) == '/')) {
        return new RequestPath(mount, path.substring(mount.length()));
      }
    }
    if (!path.startsWith("/")) {
      if (mount.isEmpty() && (path.isEmpty() || path.equals("*"))) {
        return new RequestPath("", path);
      }
      throw new BadRequestException("The request's path does not begin with a slash");
    }
    List<String> prefix = mount.isEmpty() ? List.of() : List.of(mount.substring(1).split("/", -1));
    return split(resolve(segments(path), prefix), prefix);
  }

  /**
   * This path as it is for the clients of a proxy.
   *
   * @param prefix that the proxy took off the path, undecoded
   * @return the path with {@code scriptName} below the prefix
   * @throws BadRequestException if the prefix is malformed
   */
  RequestPath behind(String prefix) throws BadRequestException {
    return new RequestPath(decode(prefix) + scriptName, pathInfo);
  }

  /** The path of an origin-form or absolute-form target, without its query. */
  private static String pathOf(String target) {
    if (target.startsWith("/") || target.equals("*")) {
      return target;
    }
    int authority = target.indexOf("://");
    if (authority < 0) {
      return target;
    }
    int slash = target.indexOf('/', authority + 3);
    return slash < 0 ? "/" : target.substring(slash);
  }

  private static String mount(String contextPath, @Nullable HttpServletMapping mapping)
      throws BadRequestException {
    String context = contextPath;
    if (!isPlain(context)) {
      StringBuilder canonical = new StringBuilder();
      for (Segment segment : resolve(segments(context), List.of())) {
        if (!segment.name.isEmpty()) {
          canonical.append('/').append(segment.name);
        }
      }
      context = canonical.toString();
    } else if (context.equals("/")) {
      context = "";
    }
    if (mapping == null || mapping.getMappingMatch() == null) {
      return context;
    }
    MappingMatch match = mapping.getMappingMatch();
    String pattern = mapping.getPattern();
    if (match == MappingMatch.PATH && pattern.endsWith("/*")) {
      return pattern.length() == 2
          ? context
          : context + Latin1.ofUtf8(pattern.substring(0, pattern.length() - 2));
    }
    return match == MappingMatch.EXACT && !pattern.equals("/")
        ? context + Latin1.ofUtf8(pattern)
        : context;
  }

  /** Whether there is nothing in the path to decode, to resolve or to object to. */
  private static boolean isPlain(String path) {
    char before = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c > '~' || c == '%' || c == ';' || c == '\\') {
        return false;
      }
      if (before == '/' && (c == '/' || c == '.')) {
        return false;
      }
      before = c;
    }
    return path.isEmpty() || path.charAt(0) == '/';
  }

  private static List<Segment> segments(String path) throws BadRequestException {
    List<Segment> segments = new ArrayList<>();
    int from = 1;
    while (from <= path.length() && !path.isEmpty()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      String raw = path.substring(from, to);
      int parameter = raw.indexOf(';');
      String sent = decode(raw);
      segments.add(new Segment(sent, parameter < 0 ? sent : decode(raw.substring(0, parameter))));
      from = to + 1;
    }
    return segments;
  }

  private static List<Segment> resolve(List<Segment> segments, List<String> mount)
      throws BadRequestException {
    List<Segment> kept = new ArrayList<>(segments.size());
    boolean dots = false;
    boolean empty = false;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean last = i == segments.size() - 1;
      if (segment.name.equals(".") || segment.name.equals("..")) {
        if (!segment.sent.equals(segment.name)) {
          throw new BadRequestException(
              "A dot segment in the request's path has parameters, which is ambiguous");
        }
        dots = true;
        if (segment.name.equals("..")) {
          if (kept.isEmpty() || (kept.size() == mount.size() && within(kept, mount))) {
            throw new BadRequestException("A '..' in the request's path leaves the application");
          }
          kept.remove(kept.size() - 1);
        }
        if (last) {
          kept.add(new Segment("", ""));
        }
      } else {
        if (hidesDots(segment.name) || hidesDots(segment.sent)) {
          throw new BadRequestException("The request's path hides a dot segment behind an escape");
        }
        empty |= segment.name.isEmpty() && !last;
        kept.add(segment);
      }
    }
    if (dots && empty) {
      throw new BadRequestException(
          "The request's path has both dot segments and empty segments, which is ambiguous");
    }
    return kept;
  }

  /** Whether a reader who decodes first would find a dot segment. */
  private static boolean hidesDots(String decoded) {
    if (decoded.indexOf('/') < 0 && decoded.indexOf('\\') < 0) {
      return false;
    }
    for (String part : decoded.replace('\\', '/').split("/", -1)) {
      int parameter = part.indexOf(';');
      String name = parameter < 0 ? part : part.substring(0, parameter);
      if (name.equals(".") || name.equals("..")) {
        return true;
      }
    }
    return false;
  }

  private static boolean within(List<Segment> path, List<String> mount) {
    for (int i = 0; i < mount.size(); i++) {
      if (!path.get(i).name.equals(mount.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static RequestPath split(List<Segment> path, List<String> mount)
      throws BadRequestException {
    StringBuilder scriptName = new StringBuilder();
    int next = 0;
    for (String expected : mount) {
      while (next < path.size() - 1 && path.get(next).name.isEmpty()) {
        next++;
      }
      if (next == path.size() || !path.get(next).name.equals(expected)) {
        throw new BadRequestException(
            "The request's path is not below the place where the application is mounted");
      }
      next++;
      scriptName.append('/').append(expected);
    }
    StringBuilder pathInfo = new StringBuilder();
    for (Segment segment : path.subList(next, path.size())) {
      pathInfo.append('/').append(segment.sent);
    }
    return new RequestPath(scriptName.toString(), pathInfo.toString());
  }

  private static String decode(String raw) throws BadRequestException {
    String text = Latin1.ofUtf8(raw);
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        boolean whole = i + 2 < text.length();
        int high = whole ? hex(text.charAt(i + 1)) : -1;
        int low = whole ? hex(text.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          throw new BadRequestException("The request's path has a malformed percent-escape");
        }
        c = (char) (high << 4 | low);
        i += 2;
      }
      if (c == 0) {
        throw new BadRequestException("The request's path has a NUL");
      }
      decoded.append(c);
    }
    return decoded.toString();
  }

  /** ASCII only: {@link Character#digit} would accept the digits of other scripts. */
  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
