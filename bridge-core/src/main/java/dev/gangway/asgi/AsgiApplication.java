package dev.gangway.asgi;

import java.util.concurrent.CompletionStage;

/**
 * An application of the ASGI contract (specification 3.0): called once for each connection, which
 * is an HTTP request, a WebSocket, or the application's own lifespan.
 *
 * <pre>{@code
 * AsgiApplication hello = (scope, receive, send) -> {
 *   if (!(scope instanceof HttpScope http)) {
 *     throw new UnsupportedScopeException(scope);
 *   }
 *   return send.send(new SendEvent.HttpResponseStart(200, List.of(new Header("content-type", "text/plain"))))
 *       .thenCompose(sent -> send.send(SendEvent.HttpResponseBody.last("Hello, " + http.path())));
 * };
 * }</pre>
 *
 * <p>An application is called by many threads at once, must be safe for that, and must not block
 * them.
 */
@FunctionalInterface
public interface AsgiApplication {

  /**
   * Serves one connection.
   *
   * @param scope what is known of the connection when it begins
   * @param receive gives the events of the connection, in order
   * @param send takes the events of the application, in order
   * @return completes when the application has nothing more to do with the connection; a failure is
   *     answered with 500 when the head is not out yet, closes a WebSocket with 1011, and otherwise
   *     breaks the connection
   * @throws Exception as a failure of what is returned; {@link UnsupportedScopeException} for the
   *     lifespan says that the application has none
   */
  CompletionStage<Void> call(Scope scope, Receive receive, Send send) throws Exception;
}
