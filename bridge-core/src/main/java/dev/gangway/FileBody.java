package dev.gangway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file as a body (PEP 3333, "Optional Platform-Specific File Handling"): the bridge
 * sends it with the container's sendfile where there is one. Iterating over it works too.
 */
public final class FileBody implements ResponseBody {

  private static final int CHUNK = 64 * 1024;

  private final Path file;
  private final long offset;
  private final long count;
  private final @Nullable InputStream opened;

  /**
   * A body of a part of a file.
   *
   * @param file a regular file that does not shrink while it is sent
   * @param offset of the first byte, at least 0
   * @param count number of bytes, at least 0
   * @param opened closed with this body, or null; without it the container may send the file after
   *     the body is closed
   */
  public FileBody(Path file, long offset, long count, @Nullable InputStream opened) {
    if (offset < 0 || count < 0) {
      throw new IllegalArgumentException(
          "offset and count of a file body must not be negative: " + offset + ", " + count);
    }
    this.file = file;
    this.offset = offset;
    this.count = count;
    this.opened = opened;
  }

  /**
   * A body of a whole file.
   *
   * @param file a regular file that does not change while it is sent
   * @return the body
   * @throws IOException if the file cannot be found
   */
  public static FileBody of(Path file) throws IOException {
    return new FileBody(file, 0, Files.size(file), null);
  }

  /**
   * The file.
   *
   * @return its path
   */
  public Path file() {
    return file;
  }

  /**
   * Where the body begins.
   *
   * @return offset of its first byte in the file
   */
  public long offset() {
    return offset;
  }

  /**
   * The body's length.
   *
   * @return number of bytes
   */
  public long count() {
    return count;
  }

  /**
   * Whether closing this body closes something, and may so make the file go away.
   *
   * @return false if the file outlives the body
   */
  public boolean closesSomething() {
    return opened != null;
  }

  @Override
  public Iterator<byte[]> iterator() {
    return new Iterator<>() {
      private long position = offset;

      @Override
      public boolean hasNext() {
        return position < offset + count;
      }

      @Override
      public byte[] next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, offset + count - position));
        try (FileChannel channel = FileChannel.open(file)) {
          int read = channel.read(chunk, position);
          if (read <= 0) {
            throw new IOException(file + " ends before the " + count + " bytes that it promised");
          }
          position += read;
          return Arrays.copyOf(chunk.array(), read);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }
}
