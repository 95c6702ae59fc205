package dev.gangway.jetty;

import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.GatewayTests;

class JettyGatewayTest extends GatewayTests {

  @Override
  protected GatewayBuilder<?> builder() {
    return JettyGateway.builder();
  }
}
