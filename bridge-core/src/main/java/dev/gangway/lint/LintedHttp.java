package dev.gangway.lint;

import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.ReceiveEvent;
import dev.gangway.asgi.SendEvent;

/** The rules of one HTTP request (ASGI HTTP 2.5). */
final class LintedHttp extends LintedConnection {

  private enum Response {
    NEW,
    STARTED,
    TRAILING,
    COMPLETE
  }

  private final HttpScope scope;
  private Response response = Response.NEW;
  private boolean bodyReceived;
  private boolean disconnected;
  private boolean trailers;
  private long length = -1;
  private long sent;
  private boolean bodyBegun;

  LintedHttp(HttpScope scope) {
    this.scope = scope;
  }

  @Override
  void received(ReceiveEvent event) {
    if (event instanceof ReceiveEvent.HttpDisconnect) {
      disconnected = true;
    } else if (!(event instanceof ReceiveEvent.HttpRequest part)) {
      throw Rule.ASGI_RECEIVED.broken("A request received " + name(event) + ".");
    } else if (disconnected || bodyReceived) {
      throw Rule.ASGI_RECEIVED.broken(
          "A part came after the " + (disconnected ? "disconnect." : "last part."));
    } else {
      bodyReceived = !part.moreBody();
    }
  }

  @Override
  void sending(SendEvent event) {
    if (event instanceof SendEvent.HttpResponseStart start) {
      require(response == Response.NEW, event);
      length = AsgiHeadRules.check(start.status(), start.headers());
      trailers = start.trailers();
      require(!trailers || extension("http.response.trailers"), event);
      response = Response.STARTED;
    } else if (event instanceof SendEvent.HttpResponseBody body) {
      require(response == Response.STARTED, event);
      bodyBegun = true;
      sent += body.body().remaining();
      count(!body.moreBody());
      if (!body.moreBody()) {
        ended();
      }
    } else if (event instanceof SendEvent.HttpResponsePathsend) {
      require(response == Response.STARTED && !bodyBegun, event);
      extension("http.response.pathsend");
      ended();
    } else if (event instanceof SendEvent.HttpResponseTrailers fields) {
      require(response == Response.TRAILING, event);
      AsgiHeadRules.check(fields.headers());
      if (!fields.moreTrailers()) {
        response = Response.COMPLETE;
      }
    } else if (event instanceof SendEvent.HttpResponseEarlyHint) {
      require(response == Response.NEW || (response == Response.STARTED && !bodyBegun), event);
      extension("http.response.early_hint");
    } else {
      throw Rule.ASGI_ORDER.broken(name(event) + " has no place in HTTP.");
    }
  }

  private boolean extension(String name) {
    if (!scope.extensions().contains(name)) {
      throw Rule.ASGI_EXTENSIONS.broken("It does not offer " + name + ".");
    }
    return true;
  }

  private void require(boolean allowed, SendEvent event) {
    if (!allowed) {
      throw Rule.ASGI_ORDER.broken(name(event) + " came when the response was " + response + ".");
    }
  }

  private void count(boolean last) {
    boolean wrong = length >= 0 && (sent > length || (last && sent < length));
    if (wrong && !scope.method().equals("HEAD")) {
      throw Rule.ASGI_LENGTH.broken("It says " + length + ", and there are " + sent + " bytes.");
    }
  }

  private void ended() {
    response = trailers ? Response.TRAILING : Response.COMPLETE;
  }

  @Override
  boolean mayReturn() {
    return disconnected || response == Response.COMPLETE;
  }

  @Override
  void left() {
    disconnected = true;
  }
}
