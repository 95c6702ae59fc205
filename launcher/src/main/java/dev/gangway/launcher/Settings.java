package dev.gangway.launcher;

import dev.gangway.python.PythonSetting;
import dev.gangway.server.ForwardedHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param applications {@code module:callable} by the path of its mount, at least one
 * @param python the settings of every application that were given
 * @param addresses to bind, in gunicorn's syntax
 * @param container jetty or tomcat
 * @param staticFolders by the path of their mount
 * @param accessLog a file, {@code -} for standard output, or null
 * @param accessLogFormat in gunicorn's letters
 * @param gracefulTimeout for requests in hand
 * @param proxies whose forwarded headers are believed
 * @param reload whether changed source files replace the workers
 * @param reloadExtraFiles files that count as source files
 * @param checkOnly whether to import the applications and exit
 */
record Settings(
    Map<String, String> applications,
    Map<PythonSetting, String> python,
    List<String> addresses,
    Container container,
    Map<String, Path> staticFolders,
    @Nullable String accessLog,
    String accessLogFormat,
    Duration gracefulTimeout,
    Proxies proxies,
    boolean reload,
    List<Path> reloadExtraFiles,
    boolean checkOnly) {

  /**
   * Proxies in front.
   *
   * @param allowIps whose forwarded headers are believed
   * @param hops how many of them at most, or null for no limit
   * @param headers which they set
   */
  record Proxies(List<String> allowIps, @Nullable Integer hops, ForwardedHeaders.Kind headers) {}

  enum Container {
    JETTY,
    TOMCAT
  }
}
