package dev.gangway.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A socket that sends exactly what it is told, and shows exactly what comes back, in latin-1. */
public final class RawClient implements AutoCloseable {

  private static final int SECONDS = 20;

  private final SocketChannel channel;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  private RawClient(SocketAddress address) throws IOException {
    channel = SocketChannel.open(address);
  }

  /** Connects to what {@link Gateway#uris()} tells. */
  public static RawClient to(URI uri) throws IOException {
    return new RawClient(
        uri.getScheme().equals("unix")
            ? UnixDomainSocketAddress.of(Path.of(uri.getSchemeSpecificPart()))
            : new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort()));
  }

  /** Connects to the gateway's first address. */
  public static RawClient to(Gateway gateway) throws IOException {
    return to(gateway.uris().get(0));
  }

  /** Sends one GET with {@code Connection: close} and returns the whole answer. */
  public static String get(Gateway gateway, String target, String... headers) throws IOException {
    return exchange(gateway.uris().get(0), "GET", target, headers);
  }

  /** Sends one request with {@code Connection: close} and returns the whole answer. */
  public static String exchange(URI uri, String method, String target, String... headers)
      throws IOException {
    try (RawClient client = to(uri)) {
      StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
      if (String.join("\n", headers).lines().noneMatch(line -> line.startsWith("Host:"))) {
        request.append("Host: test\r\n");
      }
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      client.send(request + "Connection: close\r\n\r\n");
      return client.readToEnd();
    }
  }

  /** Sends text in latin-1. */
  public RawClient send(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return this;
  }

  /** Reads until the text has come; all that came so far. */
  public String readUntil(String text) throws IOException {
    return read(text);
  }

  /** Reads until the server closes or resets the connection; all that came so far. */
  public String readToEnd() throws IOException {
    return read(null);
  }

  private String read(String until) throws IOException {
    CompletableFuture<String> result = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                result.complete(readNow(until));
              } catch (IOException e) {
                result.completeExceptionally(e);
              }
            },
            "raw-client");
    reader.start();
    try {
      return result.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      channel.close();
      throw new IOException("Nothing more came after " + received.size() + " bytes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private String readNow(String until) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    while (true) {
      if (until != null && soFar().contains(until)) {
        return soFar();
      }
      int count;
      try {
        count = channel.read(buffer.clear());
      } catch (IOException e) {
        if (until == null && channel.isOpen()) {
          return soFar();
        }
        throw e;
      }
      if (count < 0) {
        if (until != null) {
          throw new IOException("The connection was closed after: " + soFar());
        }
        return soFar();
      }
      received.write(buffer.array(), 0, count);
    }
  }

  private String soFar() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
