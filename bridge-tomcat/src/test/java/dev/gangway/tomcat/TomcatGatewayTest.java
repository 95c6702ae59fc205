package dev.gangway.tomcat;

import dev.gangway.server.AbortTests;
import dev.gangway.server.AccessLogTests;
import dev.gangway.server.ForwardedTests;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.GatewayTests;
import dev.gangway.server.PathTests;
import dev.gangway.server.StaticFolderTests;
import dev.gangway.server.StopTests;
import org.junit.jupiter.api.Nested;

class TomcatGatewayTest {

  @Nested
  class Mounts extends GatewayTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Paths extends PathTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Forwarded extends ForwardedTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class StaticFolders extends StaticFolderTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class AccessLogs extends AccessLogTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Stop extends StopTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Abort extends AbortTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }
}
