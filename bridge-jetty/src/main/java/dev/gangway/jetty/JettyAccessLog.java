package dev.gangway.jetty;

import dev.gangway.server.AccessLog;
import dev.gangway.server.LoggedRequest;
import dev.gangway.servlet.RequestNotes;
import java.security.Principal;
import java.time.Instant;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Tells the access log what Jetty knows. */
final class JettyAccessLog implements RequestLog {

  private final AccessLog log;

  JettyAccessLog(AccessLog log) {
    this.log = log;
  }

  @Override
  public void log(Request request, Response response) {
    log.log(new Logged(request, response, System.nanoTime() - request.getHeadersNanoTime()));
  }

  private record Logged(Request request, Response response, long nanos) implements LoggedRequest {

    @Override
    public @Nullable String remoteAddress() {
      return Request.getRemoteAddr(request);
    }

    @Override
    public @Nullable String remoteUser() {
      Principal user = Request.getAuthenticationState(request).getUserPrincipal();
      return user == null ? null : user.getName();
    }

    @Override
    public @Nullable String method() {
      return request.getMethod();
    }

    @Override
    public @Nullable String path() {
      return request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    }

    @Override
    public @Nullable String query() {
      return request.getHttpURI() == null ? null : request.getHttpURI().getQuery();
    }

    @Override
    public @Nullable String protocol() {
      return request.getConnectionMetaData().getProtocol();
    }

    @Override
    public int status() {
      return response.getStatus();
    }

    @Override
    public long bytes() {
      return Response.getContentBytesWritten(response);
    }

    @Override
    public Instant received() {
      return Instant.now().minusNanos(nanos);
    }

    @Override
    public @Nullable String header(String name) {
      return join(request.getHeaders(), name);
    }

    @Override
    public @Nullable String responseHeader(String name) {
      return join(response.getHeaders(), name);
    }

    private static @Nullable String join(HttpFields fields, String name) {
      return fields.contains(name) ? String.join(",", fields.getValuesList(name)) : null;
    }

    @Override
    public @Nullable Object notes() {
      return request.getAttribute(RequestNotes.KEY);
    }
  }
}
