package dev.gangway.samples.contract;

import dev.gangway.conformance.AsgiResponseConformance;
import dev.gangway.conformance.ConformanceServer;
import dev.gangway.conformance.EnvironConformance;
import dev.gangway.conformance.FileConformance;
import dev.gangway.conformance.ForwardedFilterConformance;
import dev.gangway.conformance.InputConformance;
import dev.gangway.conformance.LintConformance;
import dev.gangway.conformance.MountConformance;
import dev.gangway.conformance.ResponseConformance;

/** The suites that every container passes. */
final class DistributionSuites {

  private DistributionSuites() {}

  static final class AsgiResponses extends AsgiResponseConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }

  static final class Environs extends EnvironConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }

  static final class Files extends FileConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }

  static final class ForwardedFilters extends ForwardedFilterConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }

  static final class Inputs extends InputConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }

  static final class Lint extends LintConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }

  static final class Mounts extends MountConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }

  static final class Responses extends ResponseConformance {
    @Override
    protected ConformanceServer newServer() {
      return new DistributionServer();
    }
  }
}
