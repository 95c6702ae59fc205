package dev.gangway.tomcat;

import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.GatewayTests;

class TomcatGatewayTest extends GatewayTests {

  @Override
  protected GatewayBuilder<?> builder() {
    return TomcatGateway.builder();
  }
}
