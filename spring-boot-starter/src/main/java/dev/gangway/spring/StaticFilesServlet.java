package dev.gangway.spring;

import dev.gangway.server.StaticFiles;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.EncodedResourceResolver;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.servlet.resource.PathResourceResolver;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * Serves a folder of static files as Spring MVC does: ETag, Last-Modified, ranges, precompressed
 * {@code .gz} and {@code .br} files. Safe for many threads.
 */
final class StaticFilesServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient Handler handler;

  StaticFilesServlet(Path folder, StaticFiles files) {
    handler = new Handler(files);
    // The slash makes it a folder, outside of which nothing is found.
    handler.setLocations(List.of(new FileSystemResource(folder + "/")));
    handler.setResourceResolvers(
        List.of(new EncodedResourceResolver(), new PathResourceResolver()));
    handler.setEtagGenerator(StaticFilesServlet::etag);
  }

  @Override
  public void init() throws ServletException {
    handler.setServletContext(getServletContext());
    try {
      handler.afterPropertiesSet();
    } catch (Exception e) {
      throw new ServletException("The static files cannot be served: " + e.getMessage(), e);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String path = request.getPathInfo();
    request.setAttribute(
        HandlerMapping.PATH_WITHIN_HANDLER_MAPPING_ATTRIBUTE, path == null ? "" : path);
    try {
      handler.handleRequest(request, response);
    } catch (NoResourceFoundException e) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private static String etag(Resource file) {
    try {
      return "W/\"%x-%x\"".formatted(file.lastModified(), file.contentLength());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a Cache-Control for each file. */
  private static final class Handler extends ResourceHttpRequestHandler {

    private final StaticFiles files;

    Handler(StaticFiles files) {
      this.files = files;
    }

    @Override
    protected void setHeaders(
        HttpServletResponse response, Resource file, @Nullable MediaType mediaType)
        throws IOException {
      super.setHeaders(response, file, mediaType);
      String name = file.getFilename();
      if (name != null) {
        files
            .cacheControlOf(name)
            .ifPresent(value -> response.setHeader(HttpHeaders.CACHE_CONTROL, value));
      }
    }
  }
}
