package dev.gangway.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.GatewayApplication;
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
import dev.gangway.server.RawClient;
import dev.gangway.server.StaticFolderTests;
import dev.gangway.server.StopTests;
import dev.gangway.server.TlsTests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JettyGatewayTest {

  @Nested
  class Files extends FileTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }

    /** With the handler that compresses in all versions of Jetty 12. */
    @Override
    @SuppressWarnings({"deprecation", "removal"})
    protected GatewayBuilder<?> compressing() {
      return JettyGateway.builder()
          .customize(
              server ->
                  server.insertHandler(new org.eclipse.jetty.server.handler.gzip.GzipHandler()));
    }
  }

  @Nested
  class Mounts extends GatewayTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }

    @Test
    void applicationsElsewhereAnswerWhileEveryThreadIsBlocked() throws Exception {
      CountDownLatch goOn = new CountDownLatch(1);
      AtomicInteger blocked = new AtomicInteger();
      GatewayApplication blocking =
          (environ, startResponse) -> {
            blocked.incrementAndGet();
            goOn.await();
            return echo("went on").call(environ, startResponse);
          };
      try (JettyGateway gateway =
          JettyGateway.builder()
              .bind("127.0.0.1:0")
              .mount("/", elsewhere("at once"))
              .mount("/block", blocking)
              .customize(server -> ((QueuedThreadPool) server.getThreadPool()).setMaxThreads(8))
              .start()) {
        QueuedThreadPool pool = (QueuedThreadPool) gateway.server().getThreadPool();
        List<RawClient> clients = new ArrayList<>();
        String get = "GET / HTTP/1.1\r\nHost: test\r\n";
        // Connected before: to take a connection takes a thread.
        try (RawClient connected = RawClient.to(gateway)) {
          connected.send(get + "\r\n");
          connected.readUntil("at once");
          for (int i = 0; i < 8; i++) {
            RawClient client = RawClient.to(gateway);
            clients.add(client);
            client.send("GET /block HTTP/1.1\r\nHost: test\r\n\r\n");
          }
          await().until(() -> blocked.get() > 0 && pool.getQueueSize() > 0);
          connected.send(get + "Connection: close\r\n\r\n");
          assertThat(connected.readToEnd()).containsSubsequence("at once", "at once");
        } finally {
          goOn.countDown();
          for (RawClient client : clients) {
            client.close();
          }
        }
      }
    }

    @Test
    void aHandlerThatACustomizerPutsInFrontMayBlock() throws Exception {
      CountDownLatch both = new CountDownLatch(2);
      try (JettyGateway gateway =
          JettyGateway.builder()
              .bind("127.0.0.1:0")
              .mount("/", elsewhere("met"))
              .customize(server -> server.insertHandler(new Waiting(both)))
              .start()) {
        CompletableFuture<String> first =
            CompletableFuture.supplyAsync(
                () -> getUnchecked(gateway, "/1"), task -> new Thread(task).start());
        assertThat(RawClient.get(gateway, "/2")).endsWith("met");
        assertThat(first.get(20, TimeUnit.SECONDS)).endsWith("met");
      }
    }
  }

  @Nested
  class Paths extends PathTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Forwarded extends ForwardedTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Asgi extends AsgiTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Http2 extends Http2Tests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder()
          .customize(
              server -> {
                ServerConnector connector = (ServerConnector) server.getConnectors()[0];
                connector.addConnectionFactory(
                    new HTTP2CServerConnectionFactory(
                        connector
                            .getConnectionFactory(HttpConnectionFactory.class)
                            .getHttpConfiguration()));
              });
    }
  }

  @Nested
  class BehindNginx extends NginxTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Tls extends TlsTests {
    @Override
    protected GatewayBuilder<?> builder(Path keys, Path trusted) {
      SslContextFactory.Server tls = new SslContextFactory.Server();
      tls.setKeyStorePath(keys.toString());
      tls.setKeyStorePassword(PASSWORD);
      tls.setTrustStorePath(trusted.toString());
      tls.setTrustStorePassword(PASSWORD);
      tls.setWantClientAuth(true);
      return JettyGateway.builder()
          .customize(
              server -> {
                HttpConfiguration https =
                    new HttpConfiguration(
                        server
                            .getConnectors()[0]
                            .getConnectionFactory(HttpConnectionFactory.class)
                            .getHttpConfiguration());
                https.getCustomizers().add(0, new SecureRequestCustomizer());
                ServerConnector connector =
                    new ServerConnector(
                        server,
                        tls,
                        new ALPNServerConnectionFactory(),
                        new HTTP2ServerConnectionFactory(https),
                        new HttpConnectionFactory(https));
                connector.setHost("127.0.0.1");
                server.addConnector(connector);
              });
    }

    @Override
    protected int port(Gateway gateway) {
      return ((ServerConnector) ((JettyGateway) gateway).server().getConnectors()[1])
          .getLocalPort();
    }
  }

  @Nested
  class StaticFolders extends StaticFolderTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class AccessLogs extends AccessLogTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Stop extends StopTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Departures extends DepartureTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  @Nested
  class Abort extends AbortTests {
    @Override
    protected GatewayBuilder<?> builder() {
      return JettyGateway.builder();
    }
  }

  private static final class Waiting extends Handler.Wrapper {
    private final CountDownLatch missing;

    Waiting(CountDownLatch missing) {
      this.missing = missing;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      missing.countDown();
      assertThat(missing.await(20, TimeUnit.SECONDS)).isTrue();
      return super.handle(request, response, callback);
    }
  }
}
