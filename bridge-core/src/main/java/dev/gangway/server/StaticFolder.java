package dev.gangway.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder that a container's default servlet serves, and the door before it: GET and HEAD of
 * regular files in the folder. Symbolic links below the folder are not followed, because the
 * containers would follow different ones. Immutable and safe for many threads.
 *
 * @param path where it is mounted, such as {@code /static}; empty at the root
 * @param folder without symbolic links
 * @param files how it is served
 */
public record StaticFolder(String path, Path folder, StaticFiles files) {

  static StaticFolder of(String path, Path folder, StaticFiles files) {
    try {
      Path real = folder.toRealPath();
      if (Files.isDirectory(real)) {
        return new StaticFolder(path, real, files);
      }
    } catch (IOException e) {
      // reported below
    }
    throw new IllegalArgumentException(
        "The static folder "
            + folder
            + " for "
            + (path.isEmpty() ? "/" : path)
            + " is not a folder. Create it first; in Django, collectstatic does.");
  }

  /**
   * Lets a request pass to the default servlet, with Cache-Control set, or answers it with 404 or
   * 405.
   *
   * @param request mapped below the folder's path
   * @param response not committed yet
   * @return whether to go on
   * @throws IOException if the error cannot be sent
   */
  public boolean admits(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      return false;
    }
    String pathInfo = request.getPathInfo();
    String inContext = request.getServletPath() + (pathInfo == null ? "" : pathInfo);
    String name = inContext.substring(Math.min(path.length(), inContext.length()));
    if (find(name).isEmpty()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return false;
    }
    files.cacheControlOf(name).ifPresent(value -> response.setHeader("Cache-Control", value));
    return true;
  }

  /**
   * The file of that name, unless it is missing, no regular file, outside of the folder or behind a
   * link.
   */
  Optional<Path> find(String name) {
    if (name.endsWith("/")) {
      return Optional.empty();
    }
    try {
      Path file = folder.resolve("." + name).normalize();
      return file.equals(file.toRealPath()) && file.startsWith(folder) && Files.isRegularFile(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
