package dev.gangway.tomcat;

import dev.gangway.python.conformance.AsgiAnswersConformance;
import dev.gangway.python.conformance.AsgiHostingConformance;
import dev.gangway.python.conformance.DepartureConformance;
import dev.gangway.python.conformance.DifferentialConformance;
import dev.gangway.python.conformance.DjangoAsgiConformance;
import dev.gangway.python.conformance.EmbeddedServer;
import dev.gangway.python.conformance.FastApiConformance;
import dev.gangway.python.conformance.FaultConformance;
import dev.gangway.python.conformance.FullSpoolConformance;
import dev.gangway.python.conformance.IdentityConformance;
import dev.gangway.python.conformance.MemoryConformance;
import dev.gangway.python.conformance.ObservabilityConformance;
import dev.gangway.python.conformance.PythonEnvironConformance;
import dev.gangway.python.conformance.PythonHostingConformance;
import dev.gangway.python.conformance.PythonInputConformance;
import dev.gangway.python.conformance.PythonMount;
import dev.gangway.python.conformance.PythonResponseConformance;
import dev.gangway.python.conformance.PythonServer;
import dev.gangway.python.conformance.PythonStreamedInputConformance;
import dev.gangway.python.conformance.ReferenceConformance;
import dev.gangway.python.conformance.ReloadConformance;
import dev.gangway.python.conformance.ScopeDifferenceConformance;
import dev.gangway.python.conformance.SlowClientConformance;
import dev.gangway.python.conformance.StarletteConformance;
import dev.gangway.python.conformance.StreamedFaultConformance;
import dev.gangway.server.GatewayBuilder;
import org.apache.catalina.Context;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.junit.jupiter.api.Nested;

class TomcatPythonTest {

  @Nested
  class Environs extends PythonEnvironConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class Inputs extends PythonInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class StreamedInputs extends PythonStreamedInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class Responses extends PythonResponseConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
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
  class Observability extends ObservabilityConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Departures extends DepartureConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class References extends ReferenceConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class Differences extends DifferentialConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }

    @Override
    protected String container() {
      return "tomcat";
    }
  }

  @Nested
  class AsgiAnswers extends AsgiAnswersConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class AsgiHosting extends AsgiHostingConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class ScopeDifferences extends ScopeDifferenceConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }

    @Override
    protected String container() {
      return "tomcat";
    }
  }

  @Nested
  class Starlette extends StarletteConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class FastApi extends FastApiConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
    }
  }

  @Nested
  class DjangoAsgi extends DjangoAsgiConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(TomcatGateway.builder(), mount);
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
  class Reloads extends ReloadConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class SlowClients extends SlowClientConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder()
          .customize(
              tomcat ->
                  tomcat
                      .getConnector()
                      .setProperty("socket.txBufSize", Integer.toString(KERNEL_BUFFER)));
    }
  }

  @Nested
  class FullSpool extends FullSpoolConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder()
          .customize(
              tomcat ->
                  tomcat
                      .getConnector()
                      .setProperty("socket.txBufSize", Integer.toString(KERNEL_BUFFER)));
    }
  }

  @Nested
  class Memory extends MemoryConformance {
    @Override
    protected Class<?> frontDoor() {
      return TomcatGateway.class;
    }
  }

  @Nested
  class Identity extends IdentityConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }

    @Override
    protected GatewayBuilder<?> authenticating(String user, String password) {
      return TomcatGateway.builder()
          .customize(
              tomcat -> {
                tomcat.addUser(user, password);
                tomcat.addRole(user, "staff");
                Context context = (Context) tomcat.getHost().findChildren()[0];
                SecurityCollection everything = new SecurityCollection();
                everything.addPatternDecoded("/*");
                SecurityConstraint staff = new SecurityConstraint();
                staff.addCollection(everything);
                staff.addAuthRole("staff");
                context.addSecurityRole("staff");
                context.addConstraint(staff);
                context.setLoginConfig(new LoginConfig("BASIC", "harbour", null, null));
                context.getPipeline().addValve(new BasicAuthenticator());
              });
    }
  }
}
