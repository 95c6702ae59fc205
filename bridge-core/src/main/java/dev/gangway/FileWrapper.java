package dev.gangway;

import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code wsgi.file_wrapper}: makes a body of a file, which the server sends in the fastest way that
 * it has (PEP 3333, "Optional Platform-Specific File Handling"). Safe for many threads.
 */
@FunctionalInterface
public interface FileWrapper {

  /**
   * A body of a whole file.
   *
   * @param file a regular file
   * @return the body
   * @throws IOException if the file cannot be read
   */
  ResponseBody wrap(Path file) throws IOException;
}
