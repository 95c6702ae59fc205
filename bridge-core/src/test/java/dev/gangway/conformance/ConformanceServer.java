package dev.gangway.conformance;

import dev.gangway.GatewayApplication;
import jakarta.servlet.ServletContainerInitializer;
import java.util.Map;

/** A container under test, on 127.0.0.1 and a free port. */
public interface ConformanceServer {

  /**
   * Starts with applications mounted in the way of the container's module, with requests of any
   * form let through ({@code %2F}, empty segments, bytes that are not UTF-8).
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

  /** Stops the server and releases its port. */
  void close() throws Exception;
}
