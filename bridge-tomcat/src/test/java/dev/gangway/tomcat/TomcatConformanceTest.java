package dev.gangway.tomcat;

import dev.gangway.conformance.AsgiResponseConformance;
import dev.gangway.conformance.ConformanceServer;
import dev.gangway.conformance.EnvironConformance;
import dev.gangway.conformance.FileConformance;
import dev.gangway.conformance.ForwardedFilterConformance;
import dev.gangway.conformance.InputConformance;
import dev.gangway.conformance.LintConformance;
import dev.gangway.conformance.MountConformance;
import dev.gangway.conformance.ResponseConformance;
import org.junit.jupiter.api.Nested;

class TomcatConformanceTest {

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
}
