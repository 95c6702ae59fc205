package dev.gangway.asgi;

import org.jspecify.annotations.Nullable;

/**
 * A gateway application that may turn out to be one of the ASGI contract, as a Python application
 * does when it has been imported. Wherever it is mounted, the servlet bridge asks it at each
 * request.
 */
public interface AsgiHost {

  /**
   * The application to call for HTTP requests and WebSockets. It looks after its own lifespan.
   *
   * @return null if it speaks WSGI
   */
  @Nullable AsgiApplication asgi();
}
