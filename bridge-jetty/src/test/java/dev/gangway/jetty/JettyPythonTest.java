package dev.gangway.jetty;

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
import dev.gangway.python.conformance.PreloadedFaultConformance;
import dev.gangway.python.conformance.PreloadedReloadConformance;
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
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.security.Credential;
import org.junit.jupiter.api.Nested;

class JettyPythonTest {

  @Nested
  class Environs extends PythonEnvironConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class Inputs extends PythonInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class StreamedInputs extends PythonStreamedInputConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class Responses extends PythonResponseConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class Hosting extends PythonHostingConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Observability extends ObservabilityConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Departures extends DepartureConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class References extends ReferenceConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class Differences extends DifferentialConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }

    @Override
    protected String container() {
      return "jetty";
    }
  }

  @Nested
  class AsgiAnswers extends AsgiAnswersConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class AsgiHosting extends AsgiHostingConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class ScopeDifferences extends ScopeDifferenceConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }

    @Override
    protected String container() {
      return "jetty";
    }
  }

  @Nested
  class Starlette extends StarletteConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class FastApi extends FastApiConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class DjangoAsgi extends DjangoAsgiConformance {
    @Override
    protected PythonServer serve(PythonMount mount) throws Exception {
      return EmbeddedServer.start(JettyGateway.builder(), mount);
    }
  }

  @Nested
  class Faults extends FaultConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class StreamedFaults extends StreamedFaultConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Reloads extends ReloadConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class PreloadedFaults extends PreloadedFaultConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class PreloadedReloads extends PreloadedReloadConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class SlowClients extends SlowClientConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder()
          .customize(
              server ->
                  ((ServerConnector) server.getConnectors()[0])
                      .setAcceptedSendBufferSize(KERNEL_BUFFER));
    }
  }

  @Nested
  class FullSpool extends FullSpoolConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder()
          .customize(
              server ->
                  ((ServerConnector) server.getConnectors()[0])
                      .setAcceptedSendBufferSize(KERNEL_BUFFER));
    }
  }

  @Nested
  class Memory extends MemoryConformance {
    @Override
    protected Class<?> frontDoor() {
      return JettyGateway.class;
    }
  }

  @Nested
  class Identity extends IdentityConformance {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }

    @Override
    protected GatewayBuilder<?> authenticating(String user, String password) {
      UserStore users = new UserStore();
      users.addUser(user, Credential.getCredential(password), new String[] {"staff"});
      HashLoginService login = new HashLoginService("harbour");
      login.setUserStore(users);
      SecurityHandler.PathMapped security = new SecurityHandler.PathMapped();
      security.put("/*", Constraint.ANY_USER);
      security.setAuthenticator(new BasicAuthenticator());
      security.setLoginService(login);
      return JettyGateway.builder().customize(server -> server.insertHandler(security));
    }
  }
}
