package dev.gangway.tomcat;

import dev.gangway.python.conformance.DifferentialConformance;
import dev.gangway.python.conformance.FaultConformance;
import dev.gangway.python.conformance.MemoryConformance;
import dev.gangway.python.conformance.PythonEnvironConformance;
import dev.gangway.python.conformance.PythonHostingConformance;
import dev.gangway.python.conformance.PythonInputConformance;
import dev.gangway.python.conformance.PythonResponseConformance;
import dev.gangway.python.conformance.PythonStreamedInputConformance;
import dev.gangway.python.conformance.ReferenceConformance;
import dev.gangway.python.conformance.StreamedFaultConformance;
import dev.gangway.server.GatewayBuilder;
import org.junit.jupiter.api.Nested;

class TomcatPythonTest {

  @Nested
  class Environs extends PythonEnvironConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Inputs extends PythonInputConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class StreamedInputs extends PythonStreamedInputConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Responses extends PythonResponseConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Hosting extends PythonHostingConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class References extends ReferenceConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Differences extends DifferentialConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }

    @Override
    protected String container() {
      return "tomcat";
    }
  }

  @Nested
  class Faults extends FaultConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class StreamedFaults extends StreamedFaultConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Memory extends MemoryConformance {
    @Override
    protected Class<?> frontDoor() {
      return TomcatGateway.class;
    }
  }
}
