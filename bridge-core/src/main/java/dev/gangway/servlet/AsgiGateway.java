package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiHost;
import dev.gangway.exchange.BlockingExchange;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;

/**
 * An ASGI application as a gateway application, so that it can be mounted wherever those are, and
 * Java middleware can wrap it. Runs no lifespan: {@link AsgiServlet} does. Safe for many threads.
 */
public final class AsgiGateway implements ExchangeApplication, AsgiHost {

  private final AsgiApplication application;
  private final AsgiState state = new AsgiState();

  /**
   * A gateway to an application.
   *
   * @param application called for each request
   */
  public AsgiGateway(AsgiApplication application) {
    this.application = application;
  }

  @Override
  public AsgiApplication asgi() {
    return application;
  }

  /**
   * The state that connections get copies of.
   *
   * @return empty until a lifespan fills it
   */
  AsgiState state() {
    return state;
  }

  @Override
  public void handle(Exchange exchange) {
    AsgiHttp.serve(application, exchange, state, false);
  }

  @Override
  public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
    BlockingExchange exchange = new BlockingExchange(environ);
    AsgiHttp.serve(application, exchange, state, true);
    return exchange.respond(startResponse);
  }
}
