package dev.gangway.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.server.AbortTests;
import dev.gangway.server.AccessLogTests;
import dev.gangway.server.AsgiTests;
import dev.gangway.server.DepartureTests;
import dev.gangway.server.FileTests;
import dev.gangway.server.ForwardedTests;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.GatewayTests;
import dev.gangway.server.Http2Tests;
import dev.gangway.server.NginxTests;
import dev.gangway.server.PathTests;
import dev.gangway.server.StaticFolderTests;
import dev.gangway.server.StopTests;
import dev.gangway.server.TlsTests;
import java.nio.file.Path;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TomcatGatewayTest {

  @Nested
  class Mounts extends GatewayTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Paths extends PathTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Forwarded extends ForwardedTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Asgi extends AsgiTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Files extends FileTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }

    @Override
    protected GatewayBuilder<?> compressing() {
      return TomcatGateway.builder()
          .customize(
              tomcat ->
                  assertThat(tomcat.getConnector().setProperty("compression", "on")).isTrue());
    }

    @Test
    void theKernelCopiesInEveryVersionThatWeKnow() {
      assertThat(Sendfile.isKnown()).isTrue();
    }
  }

  @Nested
  class Http2 extends Http2Tests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder()
          .customize(tomcat -> tomcat.getConnector().addUpgradeProtocol(new Http2Protocol()));
    }
  }

  @Nested
  class BehindNginx extends NginxTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Tls extends TlsTests {
    @Override
    protected GatewayBuilder<?> builder(Path keys, Path trusted) {
      SSLHostConfig tls = new SSLHostConfig();
      tls.setCertificateVerification("optional");
      tls.setTruststoreFile(trusted.toString());
      tls.setTruststorePassword(PASSWORD);
      SSLHostConfigCertificate certificate =
          new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
      certificate.setCertificateKeystoreFile(keys.toString());
      certificate.setCertificateKeystorePassword(PASSWORD);
      tls.addCertificate(certificate);
      return TomcatGateway.builder()
          .customize(
              tomcat -> {
                Connector connector = new Connector();
                connector.setPort(0);
                connector.setProperty("address", "127.0.0.1");
                connector.setSecure(true);
                connector.setScheme("https");
                connector.setProperty("SSLEnabled", "true");
                connector.addSslHostConfig(tls);
                connector.addUpgradeProtocol(new Http2Protocol());
                tomcat.getService().addConnector(connector);
              });
    }

    @Override
    protected int port(Gateway gateway) {
      return ((TomcatGateway) gateway).tomcat().getService().findConnectors()[1].getLocalPort();
    }
  }

  @Nested
  class StaticFolders extends StaticFolderTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class AccessLogs extends AccessLogTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Stop extends StopTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Departures extends DepartureTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }

  @Nested
  class Abort extends AbortTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return TomcatGateway.builder();
    }
  }
}
