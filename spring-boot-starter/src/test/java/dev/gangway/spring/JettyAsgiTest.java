package dev.gangway.spring;

import dev.gangway.conformance.AsgiLifespanConformance;
import dev.gangway.conformance.AsgiLintConformance;
import dev.gangway.conformance.AsgiRequestConformance;
import dev.gangway.conformance.AsgiResponseConformance;
import dev.gangway.conformance.AsgiScopeConformance;
import dev.gangway.conformance.ConformanceServer;
import dev.gangway.conformance.FilteredWebSocketConformance;
import dev.gangway.conformance.ForwardedAsgiConformance;
import dev.gangway.conformance.WebSocketConformance;
import dev.gangway.conformance.WebSocketFallbackConformance;
import dev.gangway.conformance.WebSocketHandshakeConformance;
import dev.gangway.conformance.WebSocketLoadConformance;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** ASGI applications in Java as beans, see docs/conformance.md. */
class JettyAsgiTest {

  @Nested
  class AsgiLifespan extends AsgiLifespanConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class AsgiLint extends AsgiLintConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class AsgiRequest extends AsgiRequestConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class AsgiResponse extends AsgiResponseConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class AsgiScope extends AsgiScopeConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class FilteredWebSockets extends FilteredWebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }

    @Test
    void opensBehindSpringsEtags() throws Exception {
      echoesBehind(new ShallowEtagHeaderFilter());
    }
  }

  @Nested
  class ForwardedAsgi extends ForwardedAsgiConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class WebSockets extends WebSocketConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class WebSocketHandshakes extends WebSocketHandshakeConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class WebSocketLoad extends WebSocketLoadConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }

  @Nested
  class WebSocketFallback extends WebSocketFallbackConformance {
    @Override
    protected ConformanceServer newServer() {
      return new BootConformanceServer(Servers.Jetty.class);
    }
  }
}
