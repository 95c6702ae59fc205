package dev.gangway.tomcat;

import dev.gangway.server.EncodedPaths;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Refuses paths that Tomcat itself would read in one of two ways. */
final class PathValve extends ValveBase {

  private final EncodedPaths encodedPaths;

  PathValve(EncodedPaths encodedPaths) {
    super(true);
    this.encodedPaths = encodedPaths;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    // Null where the request line could not be read, which Tomcat answers itself.
    String path = request.getRequestURI();
    if (path != null && encodedPaths.refuses(path)) {
      response.sendError(HttpServletResponse.SC_BAD_REQUEST);
    } else {
      getNext().invoke(request, response);
    }
  }
}
