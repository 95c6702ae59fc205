package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gangway.python.PythonApplication;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.servlet.AsgiGateway;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies, and clients that do not read them, in a server whose heap has 128 MiB. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class MemoryConformance {

  private static final int CHUNKS = 16 * 1024;
  private static final int SLOW_CLIENTS = 8;

  /** Far less than the 200 MiB that it asks for. */
  private static final long SLOW_CLIENT_BYTES = 16 * 1024 * 1024;

  private static final byte[] CHUNK = new byte[64 * 1024];

  /** A Python interpreter and its modules take less than a third of this. */
  private static final long WORKER_KIB = 64 * 1024;

  static {
    for (int i = 0; i < CHUNK.length; i++) {
      CHUNK[i] = (byte) i;
    }
  }

  private Process server;
  private BufferedReader output;
  private int port;
  private String buffered;
  private String streamed;
  private String worker;

  /** The container's front door, with a static method {@code builder()}. */
  protected abstract Class<?> frontDoor();

  /** The server with little memory. */
  static final class Server {
    private Server() {}

    public static void main(String[] arguments) throws Exception {
      GatewayBuilder<?> builder =
          (GatewayBuilder<?>) Class.forName(arguments[0]).getMethod("builder").invoke(null);
      PythonApplication buffered = Pythons.fixture("application").start();
      PythonApplication streamed = Pythons.fixture("application").requestBuffering(false).start();
      PythonApplication asgi = Pythons.fixture("asgi_fixtures:download").start();
      Gateway gateway =
          builder
              .bind("127.0.0.1:0")
              .mount("/", buffered)
              .mount("/streamed", streamed)
              .mount("/python", asgi)
              .mount("/java", new AsgiGateway(new Download()))
              .servlet("/heap", new Heap())
              .start();
      System.out.println(gateway.port());
      System.out.println(buffered.workerPids().get(0));
      // Ends with the test, whose end of the pipe this is.
      int unused = System.in.read();
      gateway.close();
    }
  }

  /** Answers with the bytes that are in use. */
  @SuppressWarnings("serial")
  private static final class Heap extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      System.gc();
      response
          .getWriter()
          .print(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
  }

  @BeforeAll
  void start() throws Exception {
    assumeTrue(
        !"false".equals(System.getProperty("gangway.test.memory")),
        "measured with the newest version of the container");
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:MaxDirectMemorySize=64m",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                frontDoor().getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    output =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    assertThat(line).as("the server's port").isNotNull();
    port = Integer.parseInt(line);
    buffered = "http://127.0.0.1:" + port + "/";
    streamed = buffered + "streamed/";
    worker = output.readLine();
  }

  @AfterAll
  void stop() throws Exception {
    if (server == null) {
      return;
    }
    server.getOutputStream().close();
    server.waitFor();
    output.close();
  }

  @Test
  void uploadsOneGibibyte() throws Exception {
    upload(buffered + "digest");
    assertThat(highWater()).isLessThan(WORKER_KIB);
  }

  @Test
  void uploadsOneGibibyteThatIsStreamed() throws Exception {
    upload(streamed + "digest");
  }

  @Test
  void downloadsOneGibibyte() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long size = 0;
    try (InputStream in = open(buffered + "generated?1024").getInputStream()) {
      byte[] buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        size += read;
      }
    }
    assertThat(size).isEqualTo((long) CHUNKS * CHUNK.length);
    assertThat(digest.digest()).isEqualTo(expected());
    assertThat(highWater()).isLessThan(WORKER_KIB);
  }

  private long number(String path) throws IOException {
    try (InputStream in = open(buffered + path).getInputStream()) {
      return Long.parseLong(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** What the application has sent when it sends no more. */
  private long sent(String mount) {
    AtomicLong before = new AtomicLong(-1);
    await()
        .atMost(60, TimeUnit.SECONDS)
        .pollInterval(1, TimeUnit.SECONDS)
        .until(
            () -> {
              long now = number(mount + "/sent");
              return before.getAndSet(now) == now;
            });
    return before.get();
  }

  private Socket download(String mount) throws IOException {
    Socket client = new Socket();
    client.setReceiveBufferSize(64 * 1024);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    client.setSoTimeout(60_000);
    String request = "GET /" + mount + "/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    assertThat(client.getInputStream().read()).isEqualTo('H');
    return client;
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "java"})
  void clientsThatDoNotReadMakeTheApplicationWait(String mount) throws Exception {
    number("heap");
    long before = number("heap");
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW_CLIENTS; i++) {
        clients.add(download(mount));
      }
      // The kernel's buffers hold a few MiB for each.
      assertThat(sent(mount)).isBetween(1L, SLOW_CLIENTS * SLOW_CLIENT_BYTES);
      assertThat(number("heap") - before).isLessThan(SLOW_CLIENTS * 2L * 1024 * 1024);
      long size = 0;
      byte[] buffer = new byte[64 * 1024];
      InputStream in = clients.get(0).getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        size += read;
      }
      assertThat(size).isGreaterThan((long) Download.PARTS * Download.PART);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static void upload(String target) throws Exception {
    HttpURLConnection connection = open(target);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode((long) CHUNKS * CHUNK.length);
    try (OutputStream out = connection.getOutputStream()) {
      for (int i = 0; i < CHUNKS; i++) {
        out.write(CHUNK);
      }
    }
    try (InputStream in = connection.getInputStream()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("1073741824 " + HexFormat.of().formatHex(expected()));
    }
  }

  private static HttpURLConnection open(String target) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(target).toURL().openConnection();
    connection.setReadTimeout(60_000);
    return connection;
  }

  private static byte[] expected() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < CHUNKS; i++) {
      digest.update(CHUNK);
    }
    return digest.digest();
  }

  /** The most resident memory that the worker has had, in KiB. */
  private long highWater() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + worker + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
