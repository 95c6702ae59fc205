package dev.gangway.python;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of one application, checked; described in {@link PythonSetting}. */
record PythonSettings(
    String application,
    String applicationType,
    Path chdir,
    List<Path> pythonpath,
    String python,
    int workers,
    int threads,
    boolean preload,
    Map<String, String> env,
    Duration gracefulTimeout,
    Duration queueTimeout,
    Duration startTimeout,
    String rehearsal,
    Duration timeout,
    Duration slowRequestLog,
    int maxRequests,
    int maxRequestsJitter,
    Duration maxWorkerLifetime,
    long reloadOnRss,
    String user,
    String group,
    String umask,
    long limitAs,
    int limitNofile,
    long limitCpu,
    int backlog,
    boolean requestBuffering,
    long limitRequestBody,
    long responseBuffer,
    long responseBufferTotal,
    int slots,
    int slotSize) {

  PythonSettings {
    if (application.isBlank() || application.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "application must name a Python callable, as in mysite.wsgi:application, not \""
              + application
              + "\"");
    }
    if (!applicationType.matches("auto|wsgi|asgi")) {
      throw new IllegalArgumentException(
          "application-type must be auto, wsgi or asgi, not \"" + applicationType + "\"");
    }
    range("workers", workers, 1, 1024);
    range("threads", threads, 1, 1024);
    range("backlog", backlog, 1, 1_000_000);
    // Tokens of all slots fit into the request FIFO, so that writing one never waits.
    range("slots", slots, 1, 2048);
    range("slot-size", slotSize, 16 * 1024, 1024 * 1024);
    range("limit-request-body", limitRequestBody, 0, Long.MAX_VALUE);
    range("response-buffer", responseBuffer, 0, Long.MAX_VALUE);
    range("response-buffer-total", responseBufferTotal, 0, Long.MAX_VALUE);
    if (slotSize % 4096 != 0) {
      throw new IllegalArgumentException("slot-size must be a multiple of 4096, not " + slotSize);
    }
    if (SlotMemory.size(slots, slotSize) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "slots and slot-size make more than 2 GiB: " + slots + " times " + slotSize);
    }
    range("limit-as", limitAs, 0, Long.MAX_VALUE);
    range("limit-nofile", limitNofile, 0, Integer.MAX_VALUE);
    range("limit-cpu", limitCpu, 0, Long.MAX_VALUE);
    if (!umask.matches("[0-7]{0,4}")) {
      throw new IllegalArgumentException("umask must be octal, such as 027, not \"" + umask + "\"");
    }
    positive("graceful-timeout", gracefulTimeout);
    positive("queue-timeout", queueTimeout);
    positive("start-timeout", startTimeout);
    if (!rehearsal.matches("|/[\\x21-\\x7e]*|https?://[^/:\\s]+(:[0-9]{1,5})?/[\\x21-\\x7e]*")) {
      throw new IllegalArgumentException(
          "rehearsal must be a path such as /health, or a URL such as http://example.com/health,"
              + " not \""
              + rehearsal
              + "\"");
    }
    notNegative("timeout", timeout);
    notNegative("slow-request-log", slowRequestLog);
    notNegative("max-worker-lifetime", maxWorkerLifetime);
    range("max-requests", maxRequests, 0, Integer.MAX_VALUE);
    range("max-requests-jitter", maxRequestsJitter, 0, Integer.MAX_VALUE - 1);
    range("reload-on-rss", reloadOnRss, 0, Long.MAX_VALUE);
    pythonpath = List.copyOf(pythonpath);
    env = Map.copyOf(env);
  }

  private static void range(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", not " + value);
    }
  }

  private static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative: " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be more than 0, not " + value);
    }
  }

  /** What to run: the interpreter itself, or the one of a virtual environment. */
  String interpreter() {
    Path path = chdir.resolve(python);
    if (Files.isDirectory(path)) {
      return path.resolve("bin").resolve("python").toString();
    }
    // A bare name is looked up on the PATH; anything else is relative to chdir.
    return python.indexOf('/') < 0 ? python : path.toString();
  }

  String pythonpathArgument() {
    return pythonpath.stream()
        .map(path -> chdir.resolve(path).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
