package dev.gangway.python.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

/** The raw requests of the differential test, by name. */
final class DifferentialRequests {

  private static final String END = "\r\n\r\n";
  private static final String CLOSE = "Host: localhost\r\nConnection: close";

  private final Map<String, String> requests = new LinkedHashMap<>();

  private DifferentialRequests() {
    methods();
    paths();
    headers();
    bodies();
    forms();
    responses();
  }

  static Map<String, String> all() {
    return new DifferentialRequests().requests;
  }

  private void methods() {
    for (String method :
        new String[] {
          "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND", "BREW"
        }) {
      line("method " + method, method + " /m HTTP/1.1");
    }
    line("method TRACE", "TRACE /m HTTP/1.1");
    line("method of other characters", "X-Y.Z! /m HTTP/1.1");
  }

  private void paths() {
    path("root", "/");
    path("trailing slash", "/a/");
    path("escaped slash", "/a%2Fb");
    path("escaped percent", "/a%25b");
    path("twice escaped", "/a%252Fb");
    path("escaped space", "/a%20b");
    path("plus", "/a+b");
    path("invalid UTF-8", "/a%FFb");
    path("broken UTF-8", "/%C3%28");
    path("UTF-8", "/%E4%BD%A0");
    path("lower case escape", "/%e4%bd%a0");
    path("double slash", "/a//b");
    path("leading double slash", "//a/b");
    path("parameter", "/a;b=c/d;e");
    path("session parameter", "/a;jsessionid=1");
    path("escaped semicolon", "/a%3Bb");
    path("escaped question mark", "/a%3Fb");
    path("escaped backslash", "/a%5Cb");
    path("dot segment", "/a/../b");
    path("single dot", "/a/./b");
    path("escaped dots", "/a/%2e%2e/b");
    path("dots above the root", "/../a");
    path("dots in a name", "/a..b/.c/...");
    path("escaped line feed", "/a%0Ab");
    path("escaped NUL", "/a%00b");
    path("malformed escape", "/a%zz");
    path("special characters", "/!$&'()*,:=@~-._");
    path("unwise characters", "/a|b[c]{d}^");
    path("query", "/a?b=c&d=e");
    path("empty query", "/a?");
    path("query with question marks", "/a?b?c=?");
    path("query with escapes", "/a?b=%2F%FF%zz+c");
    path("query with semicolons", "/a?b;c=d");
    line("target absolute", "GET http://localhost/a%2Fb?c HTTP/1.1");
    line("target absolute for another host", "GET http://other:81/a%2Fb?c HTTP/1.1");
    line("target asterisk", "OPTIONS * HTTP/1.1");
  }

  private void headers() {
    header("repeated", "X-A: 1\r\nX-B: 2\r\nx-a: 3");
    header("underscore", "X_A: 1\r\nX-A: 2");
    header("proxy", "Proxy: http://evil");
    header("empty", "X-A:\r\nX-B:   ");
    header("blanks around", "X-A:   a b  ");
    header("latin-1", "X-A: caf\u00e9 \u00ff");
    header("tab inside", "X-A: a\tb");
    header("cookies", "Cookie: a=1\r\nCookie: b=2\r\nCookie: c=\"3; 4\"");
    header("many", "X-N: 1\r\n".repeat(60) + "X-Last: 1");
    header("large", "X-Large: " + "v".repeat(7000));
    header("accept repeated", "Accept: a/b\r\nAccept: c/d");
    header("authorization", "Authorization: Basic dTpw");
    header("forwarded", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https");
    header("content type without a body", "Content-Type: a/b");
    host("with port", "Host: example.org:8080");
    host("IPv6", "Host: [::1]");
    host("IPv6 with port", "Host: [::1]:8443");
    host("upper case", "Host: EXAMPLE.org");
    host("missing", "X-No: host");
    host("twice", "Host: a\r\nHost: b");
    host("empty", "Host:");
  }

  private void bodies() {
    String post = "POST /b HTTP/1.1\r\n" + CLOSE + "\r\n";
    put("body with length", post + "Content-Length: 5" + END + "hello");
    put("body empty", post + "Content-Length: 0" + END);
    put("body none", post.stripTrailing() + END);
    put("body with more than its length", post + "Content-Length: 5" + END + "helloEXTRA");
    put("body cut short", post + "Content-Length: 10" + END + "hello");
    String chunked = post + "Transfer-Encoding: chunked" + END;
    put("chunks", chunked + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
    put("chunks with extension", chunked + "5;a=b\r\nhello\r\n0\r\n\r\n");
    put("chunks with trailer", chunked + "5\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n");
    put("chunks none", chunked + "0\r\n\r\n");
    put("chunks cut short", chunked + "a\r\nhello");
    put("chunks malformed", chunked + "zz\r\nhello\r\n0\r\n\r\n");
    put(
        "length and chunks",
        post + "Content-Length: 5\r\nTransfer-Encoding: chunked" + END + "0\r\n\r\n");
    put("length negative", post + "Content-Length: -1" + END);
    put("length twice", post + "Content-Length: 5\r\nContent-Length: 5" + END + "hello");
    put("lengths that differ", post + "Content-Length: 5\r\nContent-Length: 6" + END + "hello");
    put("body of GET", "GET /b HTTP/1.1\r\n" + CLOSE + "\r\nContent-Length: 2" + END + "hi");
    put("expect continue", post + "Expect: 100-continue\r\nContent-Length: 2" + END + "hi");
    put(
        "form",
        post
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7"
            + END
            + "a=b&c=d");
    put("body large", post + "Content-Length: 200000" + END + "x".repeat(200_000));
  }

  private void forms() {
    put("HTTP/1.0", "GET /a HTTP/1.0" + END);
    put("HTTP/1.0 with host", "GET /a HTTP/1.0\r\nHost: localhost" + END);
    put(
        "HTTP/1.0 keep-alive",
        "GET /a HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive" + END);
    put("keep-alive", "GET /a HTTP/1.1\r\nHost: localhost" + END);
    put("two at once", ("GET /a HTTP/1.1\r\nHost: localhost" + END).repeat(2));
    put("header without colon", "GET /a HTTP/1.1\r\n" + CLOSE + "\r\nnonsense" + END);
    put("space before colon", "GET /a HTTP/1.1\r\n" + CLOSE + "\r\nX-A : 1" + END);
    put("folded header", "GET /a HTTP/1.1\r\n" + CLOSE + "\r\nX-A: 1\r\n  2" + END);
    put("unknown version", "GET /a HTTP/3.7\r\n" + CLOSE + END);
    put("line feeds only", "GET /a HTTP/1.1\nHost: localhost\nConnection: close\n\n");
  }

  private void responses() {
    for (String name :
        new String[] {
          "stream?3",
          "writes",
          "many_chunks",
          "nothing",
          "empty_chunks",
          "declared",
          "cookies",
          "status?404+Gone+Fishing",
          "status?204+No+Content",
          "not_modified",
          "latin1_header",
          "content_type?text/html%3B%20charset=utf-8",
          "content_type?",
          "raises",
          "memory_file",
          "long"
        }) {
      line("respond " + name, "GET /respond/" + name + " HTTP/1.1");
      line("respond to HEAD " + name, "HEAD /respond/" + name + " HTTP/1.1");
    }
    put("respond to HTTP/1.0", "GET /respond/stream?3 HTTP/1.0" + END);
  }

  private void put(String name, String request) {
    if (requests.put(name, request) != null) {
      throw new IllegalArgumentException("Two requests have the name " + name);
    }
  }

  private void line(String name, String line) {
    put(name, line + "\r\n" + CLOSE + END);
  }

  private void path(String name, String target) {
    line("path " + name, "GET " + target + " HTTP/1.1");
  }

  private void header(String name, String fields) {
    put("header " + name, "GET /h HTTP/1.1\r\n" + CLOSE + "\r\n" + fields + END);
  }

  private void host(String name, String field) {
    put("host " + name, "GET /h HTTP/1.1\r\n" + field + "\r\nConnection: close" + END);
  }
}
