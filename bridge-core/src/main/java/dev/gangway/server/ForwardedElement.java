package dev.gangway.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one proxy says in a {@code Forwarded} header (RFC 7239, section 4).
 *
 * @param text as it was sent
 * @param parameters by their name in lower case, without quotes
 */
record ForwardedElement(String text, Map<String, String> parameters) {

  /**
   * Reads the elements of all the header's lines. More than the grammar is let pass where it can
   * mean one thing only: blanks around a separator, and addresses with colons and brackets that are
   * not quoted.
   *
   * @throws IllegalArgumentException if the rest of the grammar is broken: with a quote that is not
   *     closed, a client could hide what a proxy has appended
   */
  static List<ForwardedElement> parse(List<String> lines) {
    List<ForwardedElement> elements = new ArrayList<>();
    for (String line : lines) {
      new Parser(line).elements(elements);
    }
    return elements;
  }

  private static final class Parser {

    private final String line;
    private int at;

    Parser(String line) {
      this.line = line;
    }

    void elements(List<ForwardedElement> elements) {
      do {
        int from = at;
        Map<String, String> parameters = new HashMap<>();
        do {
          parameter(parameters);
        } while (skip(';'));
        if (!parameters.isEmpty()) {
          elements.add(new ForwardedElement(line.substring(from, at).strip(), parameters));
        }
      } while (skip(','));
      if (at < line.length()) {
        throw malformed();
      }
    }

    private void parameter(Map<String, String> parameters) {
      blanks();
      String name = token("");
      if (name.isEmpty()) {
        return; // An empty parameter or element.
      }
      if (!skip('=')) {
        throw malformed();
      }
      blanks();
      String value = at < line.length() && line.charAt(at) == '"' ? quoted() : token(":[]/");
      if (value.isEmpty() || parameters.put(name.toLowerCase(Locale.ROOT), value) != null) {
        throw malformed();
      }
      blanks();
    }

    private String token(String more) {
      int from = at;
      while (at < line.length() && isToken(line.charAt(at), more)) {
        at++;
      }
      return line.substring(from, at);
    }

    private static boolean isToken(char c, String more) {
      return (c >= '0' && c <= '9')
          || (c >= 'A' && c <= 'Z')
          || (c >= 'a' && c <= 'z')
          || "!#$%&'*+-.^_`|~".indexOf(c) >= 0
          || more.indexOf(c) >= 0;
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      for (at++; at < line.length(); at++) {
        char c = line.charAt(at);
        if (c == '"') {
          at++;
          return value.toString();
        }
        if (c == '\\' && ++at < line.length()) {
          c = line.charAt(at);
        }
        value.append(c);
      }
      throw malformed();
    }

    private boolean skip(char separator) {
      blanks();
      boolean found = at < line.length() && line.charAt(at) == separator;
      if (found) {
        at++;
      }
      return found;
    }

    private void blanks() {
      while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
        at++;
      }
    }

    private IllegalArgumentException malformed() {
      return new IllegalArgumentException(
          "The Forwarded header is malformed at character " + (at + 1) + " (RFC 7239, section 4)");
    }
  }
}
