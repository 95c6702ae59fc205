package dev.gangway.spring;

import dev.gangway.python.conformance.DepartureConformance;
import dev.gangway.python.conformance.DifferentialConformance;
import dev.gangway.python.conformance.PythonInputConformance;
import dev.gangway.python.conformance.PythonMount;
import dev.gangway.python.conformance.PythonResponseConformance;
import dev.gangway.python.conformance.PythonServer;
import dev.gangway.python.conformance.PythonStreamedInputConformance;
import dev.gangway.python.conformance.ReferenceConformance;
import dev.gangway.python.conformance.StarletteConformance;
import org.junit.jupiter.api.Nested;

/** What every server does right, see docs/conformance.md. */
class TomcatPythonTest {

  @Nested
  class Inputs extends PythonInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Tomcat.class, mount);
    }
  }

  @Nested
  class StreamedInputs extends PythonStreamedInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Tomcat.class, mount);
    }
  }

  @Nested
  class Responses extends PythonResponseConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Tomcat.class, mount);
    }
  }

  @Nested
  class Departures extends DepartureConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Tomcat.class, mount);
    }
  }

  @Nested
  class References extends ReferenceConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Tomcat.class, mount);
    }
  }

  @Nested
  class Starlette extends StarletteConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Tomcat.class, mount);
    }
  }

  @Nested
  class Differences extends DifferentialConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Tomcat.class, mount);
    }

    @Override
    protected String container() {
      return "tomcat-boot";
    }
  }
}
