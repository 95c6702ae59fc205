package dev.gangway.python;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The settings of a Python application by name: the one place that {@code web.xml}, the launcher
 * and the documentation take them from. The names are gunicorn's where it has one.
 */
public enum PythonSetting {
  /** The application. */
  APPLICATION(
      "application",
      "module:callable, module (meaning module:application) or module:factory()",
      "",
      (builder, value) -> builder.application(value)),
  /** The contract that it speaks. */
  APPLICATION_TYPE(
      "application-type",
      "wsgi, asgi, or auto: asgi if the callable is a coroutine function or an object that is"
          + " called as one",
      "auto",
      (builder, value) -> builder.applicationType(value)),
  /** The working folder. */
  CHDIR(
      "chdir",
      "Folder to run in; the application is imported from it",
      "the current folder",
      (builder, value) -> builder.chdir(Path.of(value))),
  /** Additional folders to import from. */
  PYTHONPATH(
      "pythonpath",
      "More folders to import from, separated by " + File.pathSeparator + " or commas",
      "",
      (builder, value) -> builder.pythonpath(paths(value))),
  /** The interpreter. */
  PYTHON(
      "python",
      "The interpreter, or the folder of a virtual environment",
      "python3",
      (builder, value) -> builder.python(value)),
  /** Worker processes. */
  WORKERS(
      "workers",
      "Number of worker processes",
      "the number of processors",
      (builder, value) -> builder.workers(number("workers", value))),
  /** Threads of each worker. */
  THREADS(
      "threads",
      "Number of threads in each worker process",
      "1",
      (builder, value) -> builder.threads(number("threads", value))),
  /** Whether the application is imported once for all workers. */
  PRELOAD(
      "preload",
      "on: one process imports the application and forks the workers, which share its memory; off:"
          + " each worker imports it",
      "off",
      (builder, value) -> builder.preload(onOff("preload", value))),
  /** Environment variables. */
  ENV(
      "env",
      "Environment variables KEY=VALUE, one on each line",
      "",
      (builder, value) -> builder.env(variables(value))),
  /** How long requests in hand may take at the end. */
  GRACEFUL_TIMEOUT(
      "graceful-timeout",
      "How long requests in hand may take when the application is closed, in seconds",
      "30",
      (builder, value) -> builder.gracefulTimeout(seconds("graceful-timeout", value))),
  /** How long a request may wait for a worker. */
  QUEUE_TIMEOUT(
      "queue-timeout",
      "How long a request may wait for a worker before it gets 503, in seconds",
      "30",
      (builder, value) -> builder.queueTimeout(seconds("queue-timeout", value))),
  /** How long the import may take. */
  START_TIMEOUT(
      "start-timeout",
      "How long a worker may take to import the application and to answer the rehearsal, in seconds",
      "60",
      (builder, value) -> builder.startTimeout(seconds("start-timeout", value))),
  /** A request before all others. */
  REHEARSAL(
      "rehearsal",
      "A path, or a URL for another host than localhost, to which a GET request must be answered"
          + " with a status below 500 before a new worker takes requests; if empty, that it imports"
          + " the application is enough",
      "",
      (builder, value) -> builder.rehearsal(value)),
  /** How long a worker may be silent. */
  TIMEOUT(
      "timeout",
      "How long a worker may be silent while it answers before the client gets 504 and the worker"
          + " is replaced, in seconds; time that the client takes does not count; 0 for any time",
      "30",
      (builder, value) -> builder.timeout(seconds("timeout", value))),
  /** From when on a request is slow. */
  SLOW_REQUEST_LOG(
      "slow-request-log",
      "A request that a worker has been busy with for longer is logged once, with the Python stack"
          + " of its thread, in seconds; 0 for none",
      "0",
      (builder, value) -> builder.slowRequestLog(seconds("slow-request-log", value))),
  /** After how many requests a worker is replaced. */
  MAX_REQUESTS(
      "max-requests",
      "After how many requests a worker is replaced; 0 for never",
      "0",
      (builder, value) -> builder.maxRequests(number("max-requests", value))),
  /** How far workers differ in that. */
  MAX_REQUESTS_JITTER(
      "max-requests-jitter",
      "The most that is added to max-requests by chance, so that workers are not replaced together",
      "0",
      (builder, value) -> builder.maxRequestsJitter(number("max-requests-jitter", value))),
  /** How long a worker serves. */
  MAX_WORKER_LIFETIME(
      "max-worker-lifetime",
      "After how long a worker is replaced, in seconds; 0 for never",
      "0",
      (builder, value) -> builder.maxWorkerLifetime(seconds("max-worker-lifetime", value))),
  /** How much memory a worker may take. */
  RELOAD_ON_RSS(
      "reload-on-rss",
      "A worker that takes more bytes of resident memory is replaced; 0 for any size",
      "0",
      (builder, value) -> builder.reloadOnRss(longNumber("reload-on-rss", value))),
  /** Who the workers are. */
  USER(
      "user",
      "The user that the workers run as; needs root",
      "the server's",
      (builder, value) -> builder.user(value)),
  /** Which group the workers belong to. */
  GROUP(
      "group",
      "The group that the workers run as; needs root",
      "the user's",
      (builder, value) -> builder.group(value)),
  /** What files of the workers do not permit. */
  UMASK(
      "umask",
      "The workers' umask, octal",
      "the server's",
      (builder, value) -> builder.umask(value)),
  /** Address space. */
  LIMIT_AS(
      "limit-as",
      "The largest address space of a worker in bytes; 0 for any size",
      "0",
      (builder, value) -> builder.limitAs(longNumber("limit-as", value))),
  /** Open files. */
  LIMIT_NOFILE(
      "limit-nofile",
      "The most files that a worker may have open; 0 for what the system permits",
      "0",
      (builder, value) -> builder.limitNofile(number("limit-nofile", value))),
  /** Processor time. */
  LIMIT_CPU(
      "limit-cpu",
      "The most seconds of processor time that a worker may take before it is killed and replaced;"
          + " 0 for any time",
      "0",
      (builder, value) -> builder.limitCpu(longNumber("limit-cpu", value))),
  /** How many requests may wait. */
  BACKLOG(
      "backlog",
      "How many requests may wait while all slots are taken; more get 503",
      "2048",
      (builder, value) -> builder.backlog(number("backlog", value))),
  /** Whether a body is received before the application runs. */
  REQUEST_BUFFERING(
      "request-buffering",
      "on: a body is received as a whole before the application runs; off: it is streamed",
      "on",
      (builder, value) -> builder.requestBuffering(onOff("request-buffering", value))),
  /** The largest body. */
  LIMIT_REQUEST_BODY(
      "limit-request-body",
      "The largest request body in bytes; a larger one gets 413; 0 for any size",
      "0",
      (builder, value) -> builder.limitRequestBody(longNumber("limit-request-body", value))),
  /** How much of a response may wait for its client. */
  RESPONSE_BUFFER(
      "response-buffer",
      "Bytes of a response that may wait in a temporary file for a slow client before its worker"
          + " waits; 0 for none",
      "16777216",
      (builder, value) -> builder.responseBuffer(longNumber("response-buffer", value))),
  /** How much of all responses may wait for their clients. */
  RESPONSE_BUFFER_TOTAL(
      "response-buffer-total",
      "Bytes on disk that response-buffer may take for all responses together; beyond them workers"
          + " wait for slow clients; 0 for half of what is free there when the application starts",
      "0",
      (builder, value) -> builder.responseBufferTotal(longNumber("response-buffer-total", value))),
  /** Number of slots. */
  SLOTS(
      "slots",
      "How many requests may be with the workers at once, queued or running",
      "256",
      (builder, value) -> builder.slots(number("slots", value))),
  /** Size of a slot. */
  SLOT_SIZE(
      "slot-size",
      "Bytes of shared memory for each of them; larger responses go through it in parts",
      "65536",
      (builder, value) -> builder.slotSize(number("slot-size", value)));

  private final String text;
  private final String description;
  private final String otherwise;

  @SuppressWarnings("ImmutableEnumChecker") // the setters capture nothing
  private final BiConsumer<PythonApplication.Builder, String> setter;

  PythonSetting(
      String text,
      String description,
      String otherwise,
      BiConsumer<PythonApplication.Builder, String> setter) {
    this.text = text;
    this.description = description;
    this.otherwise = otherwise;
    this.setter = setter;
  }

  /**
   * The setting's name.
   *
   * @return as in {@code web.xml} and, after two dashes, on the command line
   */
  public String settingName() {
    return text;
  }

  /**
   * What it means.
   *
   * @return one sentence
   */
  public String description() {
    return description;
  }

  /**
   * What holds where it is not set.
   *
   * @return the default in words
   */
  public String defaultValue() {
    return otherwise;
  }

  /**
   * Sets it.
   *
   * @param builder whose setting it is
   * @param value as text
   * @throws IllegalArgumentException if the value is malformed
   */
  public void apply(PythonApplication.Builder builder, String value) {
    setter.accept(builder, value.strip());
  }

  private static int number(String name, String value) {
    long number = longNumber(name, value);
    if (number != (int) number) {
      throw new IllegalArgumentException(name + " is too large: " + value);
    }
    return (int) number;
  }

  private static long longNumber(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a number, not \"" + value + "\"", e);
    }
  }

  private static Duration seconds(String name, String value) {
    try {
      return value.startsWith("P")
          ? Duration.parse(value)
          : Duration.ofMillis(Math.round(1000 * Double.parseDouble(value)));
    } catch (NumberFormatException | DateTimeParseException e) {
      throw new IllegalArgumentException(
          name + " must be a number of seconds, not \"" + value + "\"", e);
    }
  }

  private static boolean onOff(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true" -> true;
      case "off", "false" -> false;
      default ->
          throw new IllegalArgumentException(name + " must be on or off, not \"" + value + "\"");
    };
  }

  private static List<Path> paths(String value) {
    List<Path> paths = new ArrayList<>();
    for (String path : value.split("[," + File.pathSeparator + "]", -1)) {
      if (!path.isBlank()) {
        paths.add(Path.of(path.strip()));
      }
    }
    return paths;
  }

  private static Map<String, String> variables(String value) {
    Map<String, String> variables = new HashMap<>();
    for (String variable : value.split("\n", -1)) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        variables.put(
            variable.substring(0, equals).strip(), variable.substring(equals + 1).strip());
      } else if (!variable.isBlank()) {
        throw new IllegalArgumentException("env must hold KEY=VALUE, not \"" + variable + "\"");
      }
    }
    return variables;
  }
}
