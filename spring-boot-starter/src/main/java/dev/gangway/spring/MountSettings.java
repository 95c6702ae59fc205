package dev.gangway.spring;

import dev.gangway.python.PythonApplication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** From properties to the settings of a Python application. */
final class MountSettings {

  private MountSettings() {}

  /**
   * The settings of a mount.
   *
   * @param application the Python application
   * @param mount its properties
   * @param scriptName where it is mounted, with the context path
   * @throws IllegalArgumentException if a value is malformed; the message begins with its name
   */
  static PythonApplication.Builder of(
      String application, MountProperties mount, String scriptName) {
    PythonApplication.Builder settings =
        PythonApplication.builder(application)
            .applicationType(mount.applicationType())
            .pythonpath(mount.pythonpath())
            .python(mount.python())
            .threads(mount.threads())
            .preload(mount.preload())
            .env(mount.rehearsal().isEmpty() ? Map.of() : Map.of("SCRIPT_NAME", scriptName))
            .env(mount.env())
            .gracefulTimeout(mount.gracefulTimeout())
            .queueTimeout(mount.queueTimeout())
            .startTimeout(mount.startTimeout())
            .rehearsal(mount.rehearsal())
            .timeout(mount.timeout())
            .slowRequestLog(mount.slowRequestLog())
            .maxRequests(mount.maxRequests())
            .maxRequestsJitter(mount.maxRequestsJitter())
            .maxWorkerLifetime(mount.maxWorkerLifetime())
            .reloadOnRss(mount.reloadOnRss().toBytes())
            .user(mount.user())
            .group(mount.group())
            .umask(umask(mount.umask()))
            .limitAs(mount.limitAs().toBytes())
            .limitNofile(mount.limitNofile())
            .limitCpu(wholeSeconds(mount.limitCpu()))
            .backlog(mount.backlog())
            .requestBuffering(mount.requestBuffering())
            .limitRequestBody(mount.limitRequestBody().toBytes())
            .responseBuffer(mount.responseBuffer().toBytes())
            .responseBufferTotal(mount.responseBufferTotal().toBytes())
            .slots(mount.slots())
            .slotSize(size(mount.slotSize()));
    if (mount.chdir() != null) {
      settings.chdir(Path.of(mount.chdir()));
    }
    if (mount.workers() != null) {
      settings.workers(mount.workers());
    }
    return settings;
  }

  /** YAML reads a bare 027 as an octal number and hands over 23. */
  private static String umask(String umask) {
    if (!umask.isEmpty() && !umask.startsWith("0")) {
      throw new IllegalArgumentException(
          "umask must begin with a 0 and be in quotes, such as \"027\", not " + umask);
    }
    return umask;
  }

  /** Rounded up, because 0 means any time. */
  private static long wholeSeconds(Duration duration) {
    return duration.plusSeconds(1).minusNanos(1).toSeconds();
  }

  private static int size(DataSize size) {
    if (size.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("slot-size is too large: " + size);
    }
    return (int) size.toBytes();
  }
}
