package dev.gangway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.MappingMatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

  private record Mapping(MappingMatch match, String pattern) implements HttpServletMapping {
    @Override
    public String getMatchValue() {
      throw new AssertionError("decoded by the container");
    }

    @Override
    public String getPattern() {
      return pattern;
    }

    @Override
    public String getServletName() {
      return "servlet";
    }

    @Override
    public MappingMatch getMappingMatch() {
      return match;
    }
  }

  private static String split(String uri, String context, MappingMatch match, String pattern)
      throws BadRequestException {
    HttpServletMapping mapping = match == null ? null : new Mapping(match, pattern);
    RequestPath path = RequestPath.of(uri, context, mapping);
    return path.scriptName() + "|" + path.pathInfo();
  }

  @ParameterizedTest
  @CsvSource({
    "/x, '', PATH, /*, '|/x'",
    "/, '', DEFAULT, /, '|/'",
    "/x, '', , , '|/x'",
    "/c/x, /c, , , '/c|/x'",
    "/c, /c, DEFAULT, /, '/c|'",
    "/c/p/x, /c, PATH, /p/*, '/c/p|/x'",
    "/c/p, /c, PATH, /p/*, '/c/p|'",
    "/c/e, /c, EXACT, /e, '/c/e|'",
    "/c/e/f, /c, EXACT, /e/f, '/c/e/f|'",
    "/c/a/b.do, /c, EXTENSION, *.do, '/c|/a/b.do'",
    "/c/, /c, CONTEXT_ROOT, '', '/c|/'",
    "/, '', CONTEXT_ROOT, '', '|/'",
    "/x, /, PATH, /*, '|/x'",
    "/c/p/x, /c, , /p/*, '/c|/p/x'"
  })
  void knowsTheKindsOfMappings(
      String uri, String context, MappingMatch match, String pattern, String expected)
      throws BadRequestException {
    assertThat(split(uri, context, match, pattern)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/%63/%70/x, /c",
    "/c;j=1/p;k/x, /c",
    "//c///p/x, /c",
    "/a/../c/p/x, /c",
    "/c/./p/b/../x, /c",
    "/c/%2e/p/b/%2E%2e/x, /c",
    "/c/p/x, /a/../c",
    "/c/p/x, /c;j=1",
    "/c/p/x, /%63",
    "http://host/c/p/x, /c",
    "https://host:1/c/p/x, /c"
  })
  void findsThePrefixHoweverItIsWritten(String uri, String context) throws BadRequestException {
    assertThat(split(uri, context, MappingMatch.PATH, "/p/*")).isEqualTo("/c/p|/x");
  }

  @ParameterizedTest
  @CsvSource({
    "/c/%20, '/ '",
    "/c/a%2fb, /a/b",
    "/c/%FF%00a, 400",
    "/c/%, 400",
    "/c/%1, 400",
    "/c/%1g, 400",
    "/c/%\u0661\u0661, 400",
    "/c/%C3%A9, /Ã©",
    "/c/\u00e9, /Ã©",
    "/c/%FF, /\u00ff",
    "/c//, //",
    "/c//x, //x",
    "/c/x//, /x//",
    "/c/x;a=%2F, /x;a=/",
    "/c/;a, /;a",
    "/c/..., /...",
    "/c/.a, /.a",
    "/c/a., /a.",
    "/c/x/., /x/",
    "/c/x/.., /",
    "/c/., /",
    "/c/x/../.., 400",
    "/c/.., 400",
    "/c/../c/x, 400",
    "/.., 400",
    "/c/%2e%2E, 400",
    "/c/a%2F., 400",
    "/c/a%2F%2e%2e/b, 400",
    "/c/a%5c..%5cb, 400",
    "/c/a\\..\\b, 400",
    "/c/..%2F, 400",
    "/c/..;x%2Fy, 400",
    "/c/p/b/..;y=z/x, 400",
    "/c/.;y/x, 400",
    "/c/a%3b/..%3b/b, /a;/..;/b",
    "/c/x//../y, 400",
    "/c/.//y, 400",
    "/c/;a/../y, 400",
    "/c/a%5Cb, /a\\b",
    "/d/x, 400",
    "/cd/x, 400",
    "/c%2Fx, 400",
    "x, 400",
    "'', 400"
  })
  void decodesTheRestOrRefusesIt(String uri, String expected) throws BadRequestException {
    if (expected.equals("400")) {
      assertThatThrownBy(() -> split(uri, "/c", null, null))
          .isInstanceOf(BadRequestException.class);
    } else {
      assertThat(split(uri, "/c", null, null)).isEqualTo("/c|" + expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "", "http://host"})
  void takesTargetsWithoutAPath(String uri) throws BadRequestException {
    assertThat(split(uri, "", MappingMatch.PATH, "/*"))
        .isEqualTo(uri.startsWith("http") ? "|/" : "|" + uri);
  }

  @Test
  void readsMountsBeyondAscii() throws BadRequestException {
    assertThat(split("/%C3%A4/%C3%B6/x", "/%C3%A4", MappingMatch.PATH, "/\u00f6/*"))
        .isEqualTo("/\u00c3\u00a4/\u00c3\u00b6|/x");
    assertThat(split("/%C3%A4/x", "/\u00e4", null, null)).isEqualTo("/\u00c3\u00a4|/x");
  }
}
