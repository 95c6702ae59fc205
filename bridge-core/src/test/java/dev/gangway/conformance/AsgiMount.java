package dev.gangway.conformance;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiHost;

/** An ASGI application where a gateway application is mounted. */
record AsgiMount(AsgiApplication asgi) implements GatewayApplication, AsgiHost {

  @Override
  public ResponseBody call(Environ environ, StartResponse startResponse) {
    throw new IllegalStateException("An ASGI application is not called in this way");
  }
}
