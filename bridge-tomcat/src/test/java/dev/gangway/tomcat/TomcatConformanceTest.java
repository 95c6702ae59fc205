package dev.gangway.tomcat;

import dev.gangway.conformance.AsgiLifespanConformance;
import dev.gangway.conformance.AsgiLintConformance;
import dev.gangway.conformance.AsgiRequestConformance;
import dev.gangway.conformance.AsgiResponseConformance;
import dev.gangway.conformance.AsgiScopeConformance;
import dev.gangway.conformance.ConformanceServer;
import dev.gangway.conformance.EnvironConformance;
import dev.gangway.conformance.FileConformance;
import dev.gangway.conformance.FilteredWebSocketConformance;
import dev.gangway.conformance.ForwardedAsgiConformance;
import dev.gangway.conformance.ForwardedFilterConformance;
import dev.gangway.conformance.InputConformance;
import dev.gangway.conformance.LintConformance;
import dev.gangway.conformance.MountConformance;
import dev.gangway.conformance.ResponseConformance;
import dev.gangway.conformance.WebSocketConformance;
import dev.gangway.conformance.WebSocketHandshakeConformance;
import dev.gangway.conformance.WebSocketLoadConformance;
import dev.gangway.conformance.WebSocketTimesConformance;
import dev.gangway.conformance.WithoutWebSocketsConformance;
import dev.gangway.server.GatewayBuilder;
import org.junit.jupiter.api.Nested;

class TomcatConformanceTest {

  @Nested
  class AsgiLifespan extends AsgiLifespanConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class AsgiLint extends AsgiLintConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class AsgiRequest extends AsgiRequestConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class AsgiScope extends AsgiScopeConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class AsgiResponse extends AsgiResponseConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class Environ extends EnvironConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class File extends FileConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class FilteredWebSockets extends FilteredWebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class ForwardedAsgi extends ForwardedAsgiConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class ForwardedFilters extends ForwardedFilterConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class Input extends InputConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class Lint extends LintConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class Mount extends MountConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class Response extends ResponseConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class WebSockets extends WebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class WebSocketHandshakes extends WebSocketHandshakeConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class WebSocketLoad extends WebSocketLoadConformance {
    @Override
    protected ConformanceServer newServer() {
      return new TomcatConformanceServer();
    }
  }

  @Nested
  class WebSocketTimes extends WebSocketTimesConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class WithoutWebSockets extends WithoutWebSocketsConformance {
    @Override
    protected ConformanceServer newServer() {
      return TomcatConformanceServer.foreign();
    }
  }

  /** In a server of somebody else. */
  @Nested
  class MountedWebSockets extends WebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return TomcatConformanceServer.foreign();
    }
  }
}
