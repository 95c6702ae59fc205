package dev.gangway.spring;

import dev.gangway.python.conformance.AsgiAnswersConformance;
import dev.gangway.python.conformance.DjangoAsgiConformance;
import dev.gangway.python.conformance.FastApiConformance;
import dev.gangway.python.conformance.PythonMount;
import dev.gangway.python.conformance.PythonServer;
import dev.gangway.python.conformance.ScopeDifferenceConformance;
import org.junit.jupiter.api.Nested;

/** ASGI applications in Python, see docs/conformance.md. */
class JettyPythonAsgiTest {

  @Nested
  class Answers extends AsgiAnswersConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Jetty.class, mount);
    }
  }

  @Nested
  class FastApi extends FastApiConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Jetty.class, mount);
    }
  }

  @Nested
  class DjangoAsgi extends DjangoAsgiConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Jetty.class, mount);
    }
  }

  @Nested
  class ScopeDifferences extends ScopeDifferenceConformance {
    @Override
    protected PythonServer serve(PythonMount mount) {
      return BootServer.start(Servers.Jetty.class, mount);
    }

    @Override
    protected String container() {
      return "jetty-boot";
    }
  }
}
