package dev.gangway.lint;

/**
 * A rule of the contract that {@link GatewayLint} checks. The page {@code docs/contract.md} lists
 * each, word for word.
 */
public enum Rule {
  /** The keys that every request has. */
  REQUIRED_KEYS(
      Side.SERVER,
      "environ holds REQUEST_METHOD, SCRIPT_NAME, PATH_INFO, QUERY_STRING, SERVER_NAME,"
          + " SERVER_PORT, SERVER_PROTOCOL, wsgi.version, wsgi.url_scheme, wsgi.input,"
          + " wsgi.errors, wsgi.multithread, wsgi.multiprocess and wsgi.run_once."),
  /** Bytes as unicode. */
  STRINGS(
      Side.SERVER,
      "Every value whose key has no dot is a string whose characters stand for one byte each, so"
          + " none is above U+00FF."),
  /** The method. */
  REQUEST_METHOD(Side.SERVER, "REQUEST_METHOD is a token."),
  /** The mount. */
  SCRIPT_NAME(
      Side.SERVER, "SCRIPT_NAME is empty, or begins with a slash and does not end with one."),
  /** The rest of the path. */
  PATH_INFO(
      Side.SERVER,
      "PATH_INFO is empty or begins with a slash, and is not empty where SCRIPT_NAME is; only"
          + " OPTIONS has the path \"*\"."),
  /** The port. */
  SERVER_PORT(Side.SERVER, "SERVER_PORT is a decimal number."),
  /** The body's length. */
  CONTENT_LENGTH(Side.SERVER, "CONTENT_LENGTH is a decimal number, or absent."),
  /** Keys that must not be there. */
  FORBIDDEN_KEYS(
      Side.SERVER, "environ holds none of HTTP_CONTENT_TYPE, HTTP_CONTENT_LENGTH and HTTP_PROXY."),
  /** Types of what is not a string. */
  TYPES(
      Side.SERVER,
      "wsgi.version is the list of 1 and 0, wsgi.url_scheme is http or https, wsgi.input is a"
          + " GatewayInput, wsgi.errors a PrintWriter, wsgi.file_wrapper a FileWrapper or absent,"
          + " and wsgi.multithread, wsgi.multiprocess and wsgi.run_once are Booleans."),
  /** What start_response returns. */
  WRITER(Side.SERVER, "start_response returns a BodyWriter, never null."),
  /** A failure after the head. */
  RERAISE(
      Side.SERVER,
      "start_response throws the failure that it is given when the head has left already."),
  /** One iterator. */
  ITERATED_ONCE(Side.SERVER, "The body is iterated over at most once."),
  /** Exactly one close. */
  CLOSED_ONCE(Side.SERVER, "The body is closed exactly once, whatever happens."),
  /** Nothing after close. */
  SILENT_AFTER_CLOSE(Side.SERVER, "Nothing is asked of the body after it is closed."),
  /** What a scope says. */
  ASGI_SCOPE(
      Side.SERVER,
      "A scope has a version of HTTP, a scheme that fits its type, a root path that is empty or"
          + " begins with a slash and does not end with one, a path that begins with the root path,"
          + " and a raw path without a query."),
  /** The headers of a scope. */
  ASGI_SCOPE_HEADERS(
      Side.SERVER,
      "The names of a scope's headers are tokens in lower case, without underscores, and never"
          + " proxy; the values are bytes as latin-1."),
  /** The state. */
  ASGI_STATE(Side.SERVER, "A connection's state is a map of its own, which it may change."),
  /** What is received. */
  ASGI_RECEIVED(
      Side.SERVER,
      "receive() gives what its kind of connection has, in order: parts of a request until the last"
          + " one; a WebSocket's connect and then its messages; a lifespan's startup and then its"
          + " shutdown. After the disconnect there is nothing else."),
  /** What the server must take. */
  ASGI_TAKEN(
      Side.SERVER,
      "send() fails for an event that keeps the rules only when the client has left or the event's"
          + " file cannot be read."),
  /** The status line. */
  STATUS(Side.APPLICATION, "The status is three digits, a space and a reason."),
  /** Names and values. */
  HEADERS(
      Side.APPLICATION,
      "A header's name is a token, and its value holds bytes as latin-1 without control"
          + " characters; Content-Length is given at most once and is a decimal number."),
  /** Headers of the connection. */
  HOP_BY_HOP(
      Side.APPLICATION,
      "No header is hop-by-hop: Connection, Keep-Alive, Proxy-Authenticate, Proxy-Authorization,"
          + " Proxy-Connection, TE, Trailer, Transfer-Encoding and Upgrade belong to the server."),
  /** One start. */
  STARTED_ONCE(
      Side.APPLICATION,
      "start_response is called once; a further call reports a failure (excInfo)."),
  /** A start at all. */
  STARTED(
      Side.APPLICATION,
      "start_response is called before the body's first chunk that is not empty, and before its"
          + " end."),
  /** A body. */
  BODY(Side.APPLICATION, "The application returns a ResponseBody, never null."),
  /** Chunks. */
  CHUNKS(Side.APPLICATION, "No chunk is null."),
  /** The number of chunks. */
  SIZE(Side.APPLICATION, "A body whose size is known has that many chunks."),
  /** The imperative way. */
  WRITE(
      Side.APPLICATION,
      "write() is called before the application returns, not by its body and not later."),
  /** Responses without a body. */
  NO_BODY(
      Side.APPLICATION,
      "A response to HEAD, and one with a status of 1xx, 204 or 304, has no byte in its body."),
  /** The length. */
  LENGTH(Side.APPLICATION, "The body has as many bytes as Content-Length says."),
  /** The input. */
  INPUT(
      Side.APPLICATION,
      "wsgi.input is never closed by the application, and not read after the body is closed."),
  /** The error stream. */
  ERRORS(Side.APPLICATION, "wsgi.errors is never closed by the application."),
  /** One call at a time. */
  ASGI_ONE_AT_A_TIME(
      Side.APPLICATION,
      "receive() is called again when the last call has completed, and send() likewise."),
  /** Order of events. */
  ASGI_ORDER(
      Side.APPLICATION,
      "Events are sent in the order that their kind of connection has, and none after the last one"
          + " or after the application has returned."),
  /** The response's head. */
  ASGI_HEAD(
      Side.APPLICATION,
      "A status is a number of three digits; a header's name is a token in lower case, its value"
          + " holds bytes as latin-1 without control characters; Content-Length is given at most"
          + " once and is a decimal number; of the hop-by-hop headers only connection: close,"
          + " connection: keep-alive and transfer-encoding: chunked may be set."),
  /** The length of a response. */
  ASGI_LENGTH(
      Side.APPLICATION,
      "The events of a body have as many bytes as Content-Length says, except in a response to"
          + " HEAD."),
  /** Extensions. */
  ASGI_EXTENSIONS(
      Side.APPLICATION, "An event of an extension is sent only if the scope offers it."),
  /** Messages. */
  ASGI_MESSAGE(
      Side.APPLICATION,
      "A message of a WebSocket has bytes or text, not both; a code of a close is 1000, or 1001 to"
          + " 1014 except 1004, 1005 and 1006, or 3000 to 4999; its reason has at most 123 bytes."),
  /** The end of the application. */
  ASGI_END(
      Side.APPLICATION,
      "The application returns a stage, and it completes without a failure only when the response"
          + " is complete, the WebSocket was accepted or denied, or the client has left.");

  /** Who has to keep a rule. */
  public enum Side {
    /** Whoever calls: the bridge, or a middleware around. */
    SERVER,
    /** Whoever is called: the application, or a middleware within. */
    APPLICATION
  }

  private final Side side;
  private final String text;

  Rule(Side side, String text) {
    this.side = side;
    this.text = text;
  }

  String side() {
    return side == Side.SERVER ? "server" : "application";
  }

  /**
   * Who has to keep the rule.
   *
   * @return the side
   */
  public Side keptBy() {
    return side;
  }

  /**
   * The rule.
   *
   * @return a sentence
   */
  public String text() {
    return text;
  }

  ContractException broken(String found) {
    return new ContractException(this, found);
  }
}
