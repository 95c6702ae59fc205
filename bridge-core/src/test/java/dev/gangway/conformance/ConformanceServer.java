package dev.gangway.conformance;

import dev.gangway.GatewayApplication;
import jakarta.servlet.ServletContainerInitializer;
import java.util.Map;

/** A container under test, on 127.0.0.1 and a free port. */
public interface ConformanceServer {

  /**
   * Starts with applications mounted in the way of the container's module, with requests of any
   * form let through ({@code %2F}, empty segments, bytes that are not UTF-8), except for those that
   * it {@linkplain #refuses refuses}.
   *
   * @param mounts by path: {@code ""} for the root, otherwise such as {@code "/app"}
   * @return the port
   */
  int start(Map<String, GatewayApplication> mounts) throws Exception;

  /**
   * Starts with one servlet context that sets itself up, and lets requests of any form through.
   *
   * @param contextPath {@code ""} for the root, otherwise such as {@code "/context"}
   * @param setup registers servlets and filters
   * @return the port
   */
  int start(String contextPath, ServletContainerInitializer setup) throws Exception;

  /**
   * Whether the container answers a target with 400, before an application could see it. Only
   * connectors that the user configures do so, see {@code docs/war.md}.
   */
  default boolean refuses(String target) {
    return false;
  }

  /** Whether the container answers {@code Expect: 100-continue} before the application reads. */
  default boolean continuesAtOnce() {
    return false;
  }

  /** Whether a WebSocket's target need not be a URI; Jetty 12.0 fails on others. */
  default boolean upgradesAnyTarget() {
    return true;
  }

  /** Stops the server and releases its port. */
  void close() throws Exception;
}
