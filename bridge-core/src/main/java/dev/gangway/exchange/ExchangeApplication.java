package dev.gangway.exchange;

import dev.gangway.GatewayApplication;

/**
 * A gateway application that can also answer without holding the caller's thread. The servlet
 * bridge uses {@link #handle} where the request supports asynchronous operation, and {@link #call}
 * elsewhere.
 */
public interface ExchangeApplication extends GatewayApplication {

  /**
   * Takes a request over. Returns soon; the response comes through the exchange, perhaps later and
   * from another thread.
   *
   * @param exchange the request and its response
   */
  void handle(Exchange exchange);
}
