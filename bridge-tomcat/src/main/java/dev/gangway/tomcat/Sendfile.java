package dev.gangway.tomcat;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.apache.catalina.Globals;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.ResponseFacade;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.OutputBuffer;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11OutputBuffer;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Sends files as Tomcat's own sendfile does, which it has for requests only that are not
 * asynchronous: the kernel copies from the file to the connection. Only where the body goes there
 * as it is: HTTP/1 without TLS, with a length, and neither compressed nor wrapped.
 */
final class Sendfile {

  private static final Logger LOGGER = System.getLogger("dev.gangway.tomcat");

  /** Where Tomcat counts what it has sent, for its access log; it is not told otherwise. */
  private record Counters(VarHandle buffer, VarHandle bytes, VarHandle content) {

    static @Nullable Counters find() {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      try {
        MethodHandles.Lookup response = MethodHandles.privateLookupIn(Response.class, lookup);
        return new Counters(
            response.findVarHandle(Response.class, "outputBuffer", OutputBuffer.class),
            MethodHandles.privateLookupIn(Http11OutputBuffer.class, lookup)
                .findVarHandle(Http11OutputBuffer.class, "byteCount", long.class),
            response.findVarHandle(Response.class, "contentWritten", long.class));
      } catch (ReflectiveOperationException e) {
        LOGGER.log(Level.DEBUG, "This version of Tomcat is not known; files are copied", e);
        return null;
      }
    }

    void add(Response response, Http11OutputBuffer to, long count) {
      bytes.set(to, (long) bytes.get(to) + count);
      content.set(response, (long) content.get(response) + count);
    }
  }

  private static final @Nullable Counters COUNTERS = Counters.find();

  private Sendfile() {}

  /** Whether there is a way in this version of Tomcat. */
  static boolean isKnown() {
    return COUNTERS != null;
  }

  /** See {@link dev.gangway.servlet.ContainerSupport#sendFile}. */
  static long send(
      Request request,
      AbstractProcessor processor,
      HttpServletResponse facade,
      FileChannel file,
      long position,
      long count)
      throws IOException {
    Response response = request.getResponse().getCoyoteResponse();
    NioSocketWrapper connection = ConnectionReset.plain(processor);
    if (COUNTERS == null
        || connection == null
        || !(facade instanceof ResponseFacade)
        || !Boolean.TRUE.equals(request.getAttribute(Globals.SENDFILE_SUPPORTED_ATTR))
        || !(COUNTERS.buffer.get(response) instanceof Http11OutputBuffer output)
        || !isIdentity(response, count)) {
      return -1;
    }
    if (connection.hasDataToWrite()) {
      return 0;
    }
    SocketChannel channel = connection.getSocket().getIOChannel();
    // In this order: Tomcat uses what is around the channel of a closed connection for another.
    if (channel == null || connection.isClosed()) {
      return -1;
    }
    long sent = file.transferTo(position, count, channel);
    if (sent > 0) {
      connection.updateLastWrite();
      COUNTERS.add(response, output, sent);
    }
    return sent;
  }

  /** Tomcat takes the length back when it compresses a body. */
  private static boolean isIdentity(Response response, long left) {
    int status = response.getStatus();
    return response.isCommitted()
        && response.getTrailerFields() == null // which go with chunks
        && response.getContentLengthLong() - response.getContentWritten() == left
        && status != HttpServletResponse.SC_NO_CONTENT
        && status != HttpServletResponse.SC_RESET_CONTENT
        && status != HttpServletResponse.SC_NOT_MODIFIED;
  }
}
