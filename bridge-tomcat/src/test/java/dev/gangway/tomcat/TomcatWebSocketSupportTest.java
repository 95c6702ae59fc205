package dev.gangway.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.servlet.WebSocketSupport;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TomcatWebSocketSupportTest {

  private static final int MESSAGES = 1500;

  private final WebSocketSupport support = new TomcatWebSocketSupport();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final AtomicReference<Session> suspended = new AtomicReference<>();
  private final Thread application = new Thread(this::takeUpAgain, "application");
  private TomcatGateway server;

  @BeforeEach
  void start() throws IOException {
    server =
        TomcatGateway.builder().bind("127.0.0.1:0").servlet("/", new UpgradingServlet()).start();
    application.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.close(); // waits for the WebSocket, which must not stay suspended
    application.interrupt();
    application.join();
  }

  /** Spins: the moments of interest are shorter than it takes to wake a thread. */
  private void takeUpAgain() {
    for (int i = 0; !Thread.interrupted(); i++) {
      Session session = suspended.getAndSet(null);
      if (session != null) {
        for (int spin = i % 64; spin > 0; spin--) {
          Thread.onSpinWait();
        }
        support.resume(session);
      }
    }
  }

  /** Resumes at any moment while Tomcat's thread goes from the message to its poller. */
  @Test
  void readsOnWheneverItIsResumed() throws Exception {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.writeBytes(
        """
        GET / HTTP/1.1\r
        Host: localhost\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """
            .getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < MESSAGES; i++) {
      byte[] text = ("message " + i).getBytes(StandardCharsets.US_ASCII);
      sent.write(0x81); // a whole text
      sent.write(0x80 | text.length); // masked
      sent.writeBytes(new byte[4]); // with zeros
      sent.writeBytes(text);
    }
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      client.getOutputStream().write(sent.toByteArray());
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("message " + i);
      }
    }
  }

  private final class UpgradingServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      ServerEndpointConfig config =
          ServerEndpointConfig.Builder.create(SuspendingEndpoint.class, "/")
              .configurator(
                  new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> type) {
                      return type.cast(new SuspendingEndpoint());
                    }
                  })
              .build();
      try {
        ((ServerContainer) getServletContext().getAttribute(ServerContainer.class.getName()))
            .upgradeHttpToWebSocket(request, response, config, Map.of());
      } catch (DeploymentException e) {
        throw new ServletException(e);
      }
    }
  }

  /** Has nothing read after a message until another thread has taken it. */
  final class SuspendingEndpoint extends Endpoint {

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      assertThat(support.supports(session)).isTrue();
      session.addMessageHandler(
          String.class,
          (MessageHandler.Whole<String>)
              message -> {
                support.suspend(session);
                received.add(message);
                suspended.set(session);
              });
    }
  }
}
