package dev.gangway.server;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An address to listen at, in gunicorn's syntax: {@code 127.0.0.1:8000}, {@code [::1]:8000}, {@code
 * :8000} (every interface), {@code localhost} (port 8000) or {@code unix:/run/gangway.sock}.
 *
 * @param host the name or number, without brackets; empty for every interface; null for a Unix
 *     domain socket
 * @param port 0 takes a free one; unused for a Unix domain socket
 * @param socket the Unix domain socket, or null
 */
public record BindAddress(@Nullable String host, int port, @Nullable Path socket) {

  /** The port of an address that does not name one, as in gunicorn. */
  public static final int DEFAULT_PORT = 8000;

  /**
   * Reads an address.
   *
   * @param text as on gunicorn's command line
   * @return the address
   * @throws IllegalArgumentException if the text is not an address
   */
  public static BindAddress parse(String text) {
    String rest = text.strip();
    if (rest.toLowerCase(Locale.ROOT).startsWith("unix:")) {
      rest = rest.substring("unix:".length());
      rest = rest.startsWith("//") ? rest.substring(2) : rest;
      if (rest.isEmpty()) {
        throw malformed(text, "the path of the Unix domain socket is missing");
      }
      return new BindAddress(null, 0, Path.of(rest).toAbsolutePath());
    }
    if (rest.toLowerCase(Locale.ROOT).startsWith("tcp://")) {
      rest = rest.substring("tcp://".length());
    }
    if (rest.contains("/")) {
      throw malformed(text, "only tcp: and unix: addresses can be bound");
    }
    if (rest.startsWith("[")) {
      int end = rest.indexOf(']');
      if (end < 0) {
        throw malformed(text, "the closing ] is missing");
      }
      return new BindAddress(rest.substring(1, end), port(text, rest.substring(end + 1)), null);
    }
    int colon = rest.indexOf(':');
    if (colon != rest.lastIndexOf(':')) {
      throw malformed(text, "write an IPv6 address in brackets");
    }
    return colon < 0
        ? new BindAddress(rest, DEFAULT_PORT, null)
        : new BindAddress(rest.substring(0, colon), port(text, rest.substring(colon)), null);
  }

  private static int port(String text, String colonAndPort) {
    if (colonAndPort.isEmpty()) {
      return DEFAULT_PORT;
    }
    try {
      int port = Integer.parseInt(colonAndPort.substring(1));
      if (colonAndPort.charAt(0) == ':' && port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw malformed(text, "the port must be a number from 0 to 65535");
  }

  private static IllegalArgumentException malformed(String text, String why) {
    return new IllegalArgumentException(
        "Cannot bind to \""
            + text
            + "\": "
            + why
            + ". Use HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000, or unix:PATH.");
  }

  /**
   * Makes way for a Unix domain socket: removes the file that a server left behind which is gone.
   * Nothing to do for a TCP address.
   *
   * @throws IOException if the path is not free
   */
  public void beforeBind() throws IOException {
    if (socket == null || !Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new FileAlreadyExistsException(
          socket.toString(), null, "it is no socket, so it is not replaced. Remove it yourself");
    }
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      throw new BindException(
          "Another server listens at unix:" + socket + " (" + probe + "). Stop it first.");
    } catch (BindException e) {
      throw e;
    } catch (SocketException e) {
      Files.deleteIfExists(socket);
    }
  }

  /**
   * Lets every user connect to a Unix domain socket, as gunicorn does, so that a proxy can; the
   * permissions of its folder decide who gets there. Nothing to do for a TCP address.
   *
   * @throws IOException if that is not possible
   */
  public void afterBind() throws IOException {
    if (socket != null) {
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
  }

  /**
   * Where clients find a server that listens here.
   *
   * @param localPort the port taken
   * @return such as {@code http://127.0.0.1:8000/} or {@code unix:/run/gangway.sock}
   */
  public URI uri(int localPort) {
    if (socket != null || host == null) {
      return URI.create("unix:" + Objects.requireNonNull(socket).toUri().getRawPath());
    }
    String name = host.isEmpty() ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + name + ":" + localPort + "/");
  }
}
