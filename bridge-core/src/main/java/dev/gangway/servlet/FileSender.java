package dev.gangway.servlet;

import dev.gangway.FileBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;

/** Sends files, with the container's sendfile where it has one. */
final class FileSender {

  /** Below this, sendfile costs more than it saves; the default of Tomcat's own servlet, bytes. */
  static final long SENDFILE_MINIMUM = 48 * 1024;

  /** What is copied at once, bytes. */
  static final int CHUNK = 64 * 1024;

  private FileSender() {}

  /**
   * Opens a file, so that one that is missing or too short is found out while there can still be
   * another answer.
   *
   * @param file the body
   * @return its file, to be closed
   * @throws IOException if the file cannot be read, or is shorter than the body
   */
  static FileChannel open(FileBody file) throws IOException {
    FileChannel channel = FileChannel.open(file.file());
    if (channel.size() - file.offset() < file.count()) {
      channel.close();
      throw tooShort(file);
    }
    return channel;
  }

  private static EOFException tooShort(FileBody file) {
    return new EOFException(
        "The file "
            + file.file()
            + " is too short for a body of "
            + file.count()
            + " bytes from "
            + file.offset());
  }

  /**
   * Asks Tomcat to send the file after the servlet has returned.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it, with its head set and nothing sent
   * @param file the body; one that something was opened for may be gone when it is closed
   * @param count the number of bytes to send
   * @return whether Tomcat will do so; otherwise {@link #copy} it
   */
  static boolean sendfile(
      HttpServletRequest request, HttpServletResponse response, FileBody file, long count) {
    if (count < SENDFILE_MINIMUM
        || file.closesSomething()
        || file.file().getFileSystem() != FileSystems.getDefault()
        || !Boolean.TRUE.equals(request.getAttribute("org.apache.tomcat.sendfile.support"))
        // A wrapped response may change the bytes, which it does not see with sendfile.
        || !response.getClass().getName().equals("org.apache.catalina.connector.ResponseFacade")
        || response.isCommitted()) {
      return false;
    }
    request.setAttribute(
        "org.apache.tomcat.sendfile.filename", file.file().toAbsolutePath().toString());
    request.setAttribute("org.apache.tomcat.sendfile.start", file.offset());
    request.setAttribute("org.apache.tomcat.sendfile.end", file.offset() + count);
    return true;
  }

  /**
   * Copies a file's bytes in constant memory.
   *
   * @param channel of the file
   * @param file the body
   * @param count number of bytes
   * @param out blocks when the client is slow
   * @throws IOException if the file cannot be read or is too short, or the client has left
   */
  static void copy(FileChannel channel, FileBody file, long count, BodyOutput out)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, count));
    long end = file.offset() + count;
    for (long position = file.offset(); position < end; position += chunk.position()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - position));
      if (channel.read(chunk, position) <= 0) {
        throw tooShort(file);
      }
      out.writeCounted(chunk.array(), chunk.position());
    }
  }
}
