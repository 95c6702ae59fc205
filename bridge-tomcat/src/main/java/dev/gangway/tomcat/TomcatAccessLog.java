package dev.gangway.tomcat;

import dev.gangway.server.AccessLog;
import dev.gangway.server.LoggedRequest;
import dev.gangway.servlet.RequestNotes;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import org.apache.catalina.Globals;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/** Tells the access log what Tomcat knows. */
final class TomcatAccessLog extends ValveBase implements org.apache.catalina.AccessLog {

  private final AccessLog log;

  TomcatAccessLog(AccessLog log) {
    super(true);
    this.log = log;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
  }

  @Override
  public void log(Request request, Response response, long nanos) {
    log.log(new Logged(request, response, nanos));
  }

  /** The address is that of the client already, see {@link ForwardedValve}. */
  @Override
  public void setRequestAttributesEnabled(boolean enabled) {}

  @Override
  public boolean getRequestAttributesEnabled() {
    return false;
  }

  private record Logged(Request request, Response response, long nanos) implements LoggedRequest {

    @Override
    public @Nullable String remoteAddress() {
      return request.getRemoteAddr();
    }

    @Override
    public @Nullable String remoteUser() {
      return request.getRemoteUser();
    }

    @Override
    public @Nullable String method() {
      return request.getMethod();
    }

    @Override
    public @Nullable String path() {
      return request.getRequestURI();
    }

    @Override
    public @Nullable String query() {
      return request.getQueryString();
    }

    @Override
    public @Nullable String protocol() {
      return request.getProtocol();
    }

    @Override
    public int status() {
      return response.getStatus();
    }

    @Override
    public long bytes() {
      // The one without the framing of chunks, the other without what is not sent to HEAD.
      long content = response.getCoyoteResponse().getContentWritten();
      long written = Math.min(content, response.getBytesWritten(false));
      // Tomcat does not count what it sends by sendfile.
      return written <= 0
              && request.getAttribute(Globals.SENDFILE_FILE_START_ATTR) instanceof Long start
              && request.getAttribute(Globals.SENDFILE_FILE_END_ATTR) instanceof Long end
          ? end - start
          : Math.max(0, written);
    }

    @Override
    public Instant received() {
      return Instant.now().minusNanos(nanos);
    }

    @Override
    public @Nullable String header(String name) {
      return join(Collections.list(request.getHeaders(name)));
    }

    @Override
    public @Nullable String responseHeader(String name) {
      return join(response.getHeaders(name));
    }

    private static @Nullable String join(Collection<String> values) {
      return values.isEmpty() ? null : String.join(",", values);
    }

    @Override
    public @Nullable Object notes() {
      return request.getAttribute(RequestNotes.KEY);
    }
  }
}
