package dev.gangway.samples;

import dev.gangway.python.conformance.DepartureConformance;
import dev.gangway.python.conformance.DifferentialConformance;
import dev.gangway.python.conformance.PythonEnvironConformance;
import dev.gangway.python.conformance.PythonInputConformance;
import dev.gangway.python.conformance.PythonMount;
import dev.gangway.python.conformance.PythonResponseConformance;
import dev.gangway.python.conformance.PythonServer;
import dev.gangway.python.conformance.PythonStreamedInputConformance;
import dev.gangway.python.conformance.ReferenceConformance;
import dev.gangway.python.conformance.StarletteConformance;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** Python in a WAR in the unmodified Tomcat distribution, with its own connector. */
class PythonWarTest {

  @Nested
  class Environs extends PythonEnvironConformance {

    /** An encoded slash, and what is not UTF-8. */
    private static final Set<String> REFUSED = Set.of("/app/a%2Fb", "/app/%FF", "/app/%C3%28");

    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }

    @Override
    protected boolean refuses(String target) {
      return REFUSED.contains(target);
    }
  }

  /** The connector as docs/war.md says that it lets every path through. */
  @Nested
  class EnvironsOfALenientConnector extends PythonEnvironConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(
          mount, "encodedSolidusHandling=\"passthrough\" URIEncoding=\"ISO-8859-1\"");
    }
  }

  @Nested
  class Inputs extends PythonInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }
  }

  @Nested
  class StreamedInputs extends PythonStreamedInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }

    /** The default of {@code continueResponseTiming} is {@code immediately}. */
    @Override
    protected boolean continuesAtOnce() {
      return true;
    }
  }

  /** The connector as docs/war.md says that it waits until the application reads. */
  @Nested
  class StreamedInputsOfAPatientConnector extends PythonStreamedInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount, "continueResponseTiming=\"onRead\"");
    }
  }

  @Nested
  class Responses extends PythonResponseConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }
  }

  @Nested
  class Departures extends DepartureConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }
  }

  @Nested
  class References extends ReferenceConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }
  }

  @Nested
  class Starlette extends StarletteConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }
  }

  @Nested
  class Differences extends DifferentialConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return WarServer.start(mount);
    }

    @Override
    protected String container() {
      return "tomcat-war";
    }
  }
}
