package dev.gangway.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A real nginx with the configuration of docs/proxies.md. */
final class Nginx implements AutoCloseable {

  static final Path PROGRAM = Path.of("/usr/sbin/nginx");

  private static final Path PAGE = Path.of("../docs/proxies.md");

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts in front of what {@link Gateway#uris()} tells. */
  static Nginx start(Path folder, URI gateway) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String target =
        gateway.getScheme().equals("unix")
            ? "unix:" + gateway.getSchemeSpecificPart()
            : gateway.getAuthority();
    Path file = folder.resolve("nginx.conf");
    Files.writeString(
        file,
        """
        daemon off;
        %3$s
        pid %1$s/nginx.pid;
        error_log stderr;
        events {}
        http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        %2$s
        }
        """
            .formatted(
                folder,
                documented()
                    .replace("server 127.0.0.1:8000;", "server " + target + ";")
                    .replace("listen 80;", "listen 127.0.0.1:" + port + ";"),
                // Otherwise nobody's, who cannot enter the folder of the socket.
                System.getProperty("user.name").equals("root") ? "user root;" : ""));
    Path log = folder.resolve("nginx.log");
    Process process =
        new ProcessBuilder(
                PROGRAM.toString(), "-p", folder.toString(), "-c", file.toString(), "-e", "stderr")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!nginx.answers()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        nginx.close();
        throw new IOException("nginx does not start: " + Files.readString(log));
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    return nginx;
  }

  private static String documented() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf("```nginx\n") + 9;
    return page.substring(from, page.indexOf("```", from));
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  /** Sends a GET from an address of this machine; the whole answer. */
  String get(String client, String target, String... headers) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(client), 0)) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      out.write(
          ("GET "
                  + target
                  + " HTTP/1.1\r\nHost: shop.example\r\n"
                  + more
                  + "Connection: close\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, 10, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .join();
  }
}
