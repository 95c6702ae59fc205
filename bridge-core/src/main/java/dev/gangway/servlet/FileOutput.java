package dev.gangway.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Gives a part of a file to a stream that is ready; past the container's buffers, if it has a way.
 * For one thread at a time.
 */
final class FileOutput {

  private static final int CHUNK = FileSender.CHUNK;

  /**
   * A client that reads fast would keep a thread busy for longer than others should wait for it.
   */
  private static final int LARGE = 1024 * 1024;

  /** What the container gets to keep while the connection is full. */
  private static final int KEPT = 8 * 1024;

  /** The file is not what it was when the response began; the client may be as it was. */
  static final class UnreadableFileException extends IOException {

    private static final long serialVersionUID = 1;

    UnreadableFileException(String message, @Nullable IOException cause) {
      super(message, cause);
    }
  }

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Path file;
  private final FileChannel channel;
  private final long end;
  private long position;

  /** Null if it is not known, or a wrapper is to see the bytes. */
  private final @Nullable ContainerSupport container;

  /** Whether the container may have a way past its buffers. */
  private boolean pastBuffers;

  /** Whether nothing waits in the stream. */
  private boolean flushed;

  private @Nullable ByteBuffer chunk;

  /**
   * Opens a file.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it, which the stream is of
   * @throws IOException if the file cannot be read
   */
  FileOutput(
      HttpServletRequest request, HttpServletResponse response, Path file, long offset, long count)
      throws IOException {
    this.request = request;
    this.response = response;
    this.file = file;
    position = offset;
    end = offset + count;
    container = response instanceof HttpServletResponseWrapper ? null : Containers.of(request);
    pastBuffers =
        container != null
            && container.sendsFiles()
            && count >= FileSender.SENDFILE_MINIMUM
            && !request.getMethod().equals("HEAD");
    channel = FileChannel.open(file);
  }

  /** Whether it takes too long for a thread that others wait for. */
  boolean isLarge() {
    return end - position > LARGE;
  }

  /**
   * Gives some bytes to a stream that is ready.
   *
   * @return whether those were the last ones
   * @throws UnreadableFileException if the file is too short, for one
   * @throws IOException if the client has left
   */
  boolean write(ServletOutputStream out) throws IOException {
    if (pastBuffers && container != null) {
      if (!flushed) {
        out.flush();
        flushed = true;
        return false;
      }
      long sent = send(container);
      position += Math.max(0, sent);
      if (position == end) {
        return true;
      }
      // Otherwise the connection is full, or the file too short. Of the bytes that the container
      // keeps now it tells when they have left.
      pastBuffers = sent >= 0;
    }
    flushed = false;
    copy(out);
    return position == end;
  }

  private long send(ContainerSupport to) {
    try {
      return to.sendFile(request, response, channel, position, end - position);
    } catch (IOException e) {
      return -1; // copying will show whether that is the client or the file
    }
  }

  private void copy(ServletOutputStream out) throws IOException {
    ByteBuffer buffer = chunk;
    if (buffer == null) {
      buffer = ByteBuffer.allocate((int) Math.min(pastBuffers ? KEPT : CHUNK, end - position));
      chunk = buffer;
    }
    buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
    int read = read(buffer);
    position += read;
    out.write(buffer.array(), buffer.arrayOffset(), read);
  }

  private int read(ByteBuffer into) throws UnreadableFileException {
    int read;
    try {
      read = channel.read(into, position);
    } catch (IOException e) {
      throw new UnreadableFileException(file + " cannot be read", e);
    }
    if (read <= 0) {
      throw new UnreadableFileException(file + " ends before the promised byte " + end, null);
    }
    return read;
  }

  /** Closes the file. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
