package dev.gangway.jetty;

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

class JettyConformanceTest {

  @Nested
  class AsgiLifespan extends AsgiLifespanConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class AsgiLint extends AsgiLintConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class AsgiRequest extends AsgiRequestConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class AsgiScope extends AsgiScopeConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class AsgiResponse extends AsgiResponseConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class Environ extends EnvironConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class File extends FileConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class FilteredWebSockets extends FilteredWebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class ForwardedAsgi extends ForwardedAsgiConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class ForwardedFilters extends ForwardedFilterConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class Input extends InputConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class Lint extends LintConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class Mount extends MountConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class Response extends ResponseConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class WebSockets extends WebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class WebSocketHandshakes extends WebSocketHandshakeConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class WebSocketLoad extends WebSocketLoadConformance {
    @Override
    protected ConformanceServer newServer() {
      return new JettyConformanceServer();
    }
  }

  @Nested
  class WebSocketTimes extends WebSocketTimesConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class WithoutWebSockets extends WithoutWebSocketsConformance {
    @Override
    protected ConformanceServer newServer() {
      return JettyConformanceServer.foreign(false);
    }
  }

  /** In a server of somebody else. */
  @Nested
  class MountedWebSockets extends WebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return JettyConformanceServer.foreign(false);
    }
  }

  /** In a server of somebody else that runs already. */
  @Nested
  class WebSocketsMountedLater extends WebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return JettyConformanceServer.foreign(true);
    }
  }
}
