package dev.gangway.lint;

import dev.gangway.Environ;
import dev.gangway.FileWrapper;
import dev.gangway.GatewayInput;
import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of the environ. */
final class EnvironRules {

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private static final List<String> REQUIRED =
      List.of(
          "REQUEST_METHOD",
          "SCRIPT_NAME",
          "PATH_INFO",
          "QUERY_STRING",
          "SERVER_NAME",
          "SERVER_PORT",
          "SERVER_PROTOCOL",
          "wsgi.version",
          "wsgi.url_scheme",
          "wsgi.input",
          "wsgi.errors",
          "wsgi.multithread",
          "wsgi.multiprocess",
          "wsgi.run_once");

  private static final List<String> FORBIDDEN =
      List.of("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH", "HTTP_PROXY");

  private EnvironRules() {}

  static void check(Environ environ) {
    for (String key : REQUIRED) {
      if (!environ.containsKey(key)) {
        throw Rule.REQUIRED_KEYS.broken(key + " is missing.");
      }
    }
    for (String key : FORBIDDEN) {
      if (environ.containsKey(key)) {
        throw Rule.FORBIDDEN_KEYS.broken(key + " is there.");
      }
    }
    environ.forEach(EnvironRules::checkString);
    if (!TOKEN.matcher(environ.requestMethod()).matches()) {
      throw Rule.REQUEST_METHOD.broken("It is " + environ.requestMethod() + ".");
    }
    checkPath(environ.requestMethod(), environ.scriptName(), environ.pathInfo());
    checkDigits(Rule.SERVER_PORT, environ.get("SERVER_PORT"));
    if (environ.containsKey("CONTENT_LENGTH")) {
      checkDigits(Rule.CONTENT_LENGTH, environ.get("CONTENT_LENGTH"));
    }
    checkTypes(environ);
  }

  private static void checkString(String key, Object value) {
    if (key.indexOf('.') >= 0) {
      return;
    }
    if (!(value instanceof String text)) {
      throw Rule.STRINGS.broken(key + " is a " + value.getClass().getName() + ".");
    }
    if (text.chars().anyMatch(c -> c > 0xFF)) {
      throw Rule.STRINGS.broken(key + " is " + text + ".");
    }
  }

  private static void checkPath(String method, String scriptName, String pathInfo) {
    if (!scriptName.isEmpty() && (!scriptName.startsWith("/") || scriptName.endsWith("/"))) {
      throw Rule.SCRIPT_NAME.broken("It is " + scriptName + ".");
    }
    boolean asterisk = method.equals("OPTIONS") && pathInfo.equals("*");
    boolean path = pathInfo.isEmpty() ? !scriptName.isEmpty() : pathInfo.startsWith("/");
    if (!path && !asterisk) {
      throw Rule.PATH_INFO.broken("It is \"" + pathInfo + "\" in \"" + scriptName + "\".");
    }
  }

  private static void checkDigits(Rule rule, @org.jspecify.annotations.Nullable Object value) {
    if (!(value instanceof String text) || !DIGITS.matcher(text).matches()) {
      throw rule.broken("It is " + value + ".");
    }
  }

  private static void checkTypes(Environ environ) {
    checkType(List.of(1, 0).equals(environ.get("wsgi.version")), environ, "wsgi.version");
    checkType(List.of("http", "https").contains(environ.urlScheme()), environ, "wsgi.url_scheme");
    checkType(environ.get("wsgi.input") instanceof GatewayInput, environ, "wsgi.input");
    checkType(environ.get("wsgi.errors") instanceof PrintWriter, environ, "wsgi.errors");
    Object wrapper = environ.get("wsgi.file_wrapper");
    checkType(wrapper == null || wrapper instanceof FileWrapper, environ, "wsgi.file_wrapper");
    for (String key : List.of("wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once")) {
      checkType(environ.get(key) instanceof Boolean, environ, key);
    }
  }

  private static void checkType(boolean right, Environ environ, String key) {
    if (!right) {
      throw Rule.TYPES.broken(key + " is " + environ.get(key) + ".");
    }
  }
}
