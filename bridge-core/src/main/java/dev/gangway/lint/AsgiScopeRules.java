package dev.gangway.lint;

import dev.gangway.Header;
import dev.gangway.ResponseHead;
import dev.gangway.asgi.ConnectionScope;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.Scope;
import dev.gangway.asgi.WebSocketScope;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rules of scopes. */
final class AsgiScopeRules {

  private static final List<String> VERSIONS = List.of("1.0", "1.1", "2", "3");

  private AsgiScopeRules() {}

  static void check(Scope scope, AsgiLint lint) {
    try {
      if (scope instanceof HttpScope http) {
        check(http.connection(), List.of("http", "https"));
      } else if (scope instanceof WebSocketScope webSocket) {
        check(webSocket.connection(), List.of("ws", "wss"));
      }
      checkState(scope.state());
    } catch (ContractException e) {
      throw lint.found(e);
    }
  }

  private static void checkState(Map<String, Object> state) {
    String probe = AsgiScopeRules.class.getName();
    try {
      state.put(probe, probe);
      state.remove(probe);
    } catch (UnsupportedOperationException | NullPointerException e) {
      throw Rule.ASGI_STATE.broken("It cannot be changed.");
    }
  }

  private static void check(ConnectionScope scope, List<String> schemes) {
    if (!VERSIONS.contains(scope.httpVersion())) {
      throw Rule.ASGI_SCOPE.broken("The version is " + scope.httpVersion() + ".");
    }
    if (!schemes.contains(scope.scheme())) {
      throw Rule.ASGI_SCOPE.broken("The scheme is " + scope.scheme() + ".");
    }
    String root = scope.rootPath();
    if (!root.isEmpty() && (!root.startsWith("/") || root.endsWith("/"))) {
      throw Rule.ASGI_SCOPE.broken("The root path is " + root + ".");
    }
    if (!scope.path().startsWith(root)
        || !(scope.path().startsWith("/") || scope.path().equals("*"))) {
      throw Rule.ASGI_SCOPE.broken("The path is " + scope.path() + " below " + root + ".");
    }
    if (scope.rawPath().indexOf('?') >= 0) {
      throw Rule.ASGI_SCOPE.broken("The raw path is " + scope.rawPath() + ".");
    }
    for (Header header : scope.headers()) {
      check(header);
    }
  }

  private static void check(Header header) {
    String name = header.name();
    try {
      ResponseHead.checkHeader(new Header(name, header.value().replace('\t', ' ')));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw Rule.ASGI_SCOPE_HEADERS.broken(e.getMessage() + ".");
    }
    if (!name.equals(name.toLowerCase(Locale.ROOT))
        || name.indexOf('_') >= 0
        || name.equals("proxy")) {
      throw Rule.ASGI_SCOPE_HEADERS.broken("There is " + name + ".");
    }
  }
}
