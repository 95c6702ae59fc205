package dev.gangway.lint;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.GatewayInput;
import dev.gangway.GatewayMiddleware;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks both sides of the contract: the application within and the server around. Each breach is
 * thrown as a {@link ContractException} where it happens, with a sentence that names the {@link
 * Rule}. For tests and development: it asks for every value of the environ, and hides from the
 * server what it could do faster with a file. Safe for many threads.
 *
 * <pre>{@code
 * GatewayLint lint = new GatewayLint();
 * GatewayApplication checked = application.with(lint);
 * // ... requests ...
 * lint.checkClosed();
 * }</pre>
 */
public final class GatewayLint implements GatewayMiddleware {

  private final AtomicInteger open = new AtomicInteger();

  /** A lint that has seen nothing yet. */
  public GatewayLint() {}

  @Override
  public GatewayApplication wrap(GatewayApplication application) {
    return (environ, startResponse) -> call(application, environ, startResponse);
  }

  private ResponseBody call(
      GatewayApplication application, Environ environ, StartResponse startResponse)
      throws Exception {
    EnvironRules.check(environ);
    LintedResponse response =
        new LintedResponse(startResponse, "HEAD".equals(environ.requestMethod()));
    LintedInput input = new LintedInput(environ.input());
    environ.put("wsgi.input", new GatewayInput(input));
    if (environ.get("wsgi.errors") instanceof PrintWriter errors) {
      environ.put("wsgi.errors", LintedErrors.around(errors));
    }
    ResponseBody body = application.call(environ, response);
    response.applicationReturned();
    if (body == null) {
      throw Rule.BODY.broken("It returned null.");
    }
    open.incrementAndGet();
    return new LintedBody(
        body,
        response,
        () -> {
          open.decrementAndGet();
          input.bodyClosed();
        });
  }

  /**
   * Checks that no body is open, which only the end of a test can tell.
   *
   * @throws ContractException if a body has been handed to the server and is not closed
   */
  public void checkClosed() {
    int left = open.get();
    if (left != 0) {
      throw Rule.CLOSED_ONCE.broken(left + " are not closed.");
    }
  }
}
