package dev.gangway.spring;

import dev.gangway.Environ;
import dev.gangway.ResponseBody;
import dev.gangway.StartResponse;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.AsgiHost;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.ExchangeApplication;
import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Python application that is mounted by {@code gangway.mounts}. It is started before the web
 * server takes requests and closed after the server is stopped; in between {@link #application} has
 * it. Safe for many threads.
 */
public final class PythonMount implements ExchangeApplication, AsgiHost {

  private static final Logger LOG = System.getLogger(PythonMount.class.getName());

  private static final int SERVICE_UNAVAILABLE = 503;

  private final String name;
  private final MountProperties properties;
  private final Path folder;
  private final Function<String, PythonApplication.Builder> settings;
  private volatile String scriptName = "";
  private volatile @Nullable PythonApplication application;

  /**
   * A mount that is not running.
   *
   * @param name its name
   * @param properties its properties
   * @param folder in which it runs, absolute
   * @param settings makes the settings of its application when it knows where it is mounted
   */
  PythonMount(
      String name,
      MountProperties properties,
      Path folder,
      Function<String, PythonApplication.Builder> settings) {
    this.name = name;
    this.properties = properties;
    this.folder = folder;
    this.settings = settings;
  }

  /**
   * Its name.
   *
   * @return as in {@code gangway.mounts.<name>}
   */
  public String name() {
    return name;
  }

  /**
   * What is configured.
   *
   * @return the properties, before a customizer changed them
   */
  public MountProperties properties() {
    return properties;
  }

  /**
   * Where its sources are.
   *
   * @return the folder in which it runs, absolute; that of {@code chdir}, unless a customizer
   *     changed it
   */
  public Path folder() {
    return folder;
  }

  /**
   * The running application.
   *
   * @return null before it is started and after it is closed
   */
  public @Nullable PythonApplication application() {
    return application;
  }

  /** Told where it is mounted, with the context path. */
  void mountedAt(String path) {
    scriptName = path;
  }

  void start() {
    long began = System.nanoTime();
    try {
      PythonApplication started = settings.apply(scriptName).start();
      application = started;
      LOG.log(
          Level.INFO,
          "{0} serves {1} with workers {2}, started in {3} ms",
          started,
          scriptName.isEmpty() ? "/" : scriptName,
          started.workerPids(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    } catch (PythonStartException | IllegalArgumentException e) {
      throw PythonStartFailure.of(name, properties, e);
    }
  }

  void stop() {
    PythonApplication running = application;
    if (running != null) {
      running.close();
      application = null;
    }
  }

  @Override
  public void handle(Exchange exchange) {
    PythonApplication running = application;
    if (running == null) {
      exchange.fail(SERVICE_UNAVAILABLE, List.of(), notRunning());
    } else {
      running.handle(exchange);
    }
  }

  @Override
  public ResponseBody call(Environ environ, StartResponse startResponse) throws Exception {
    PythonApplication running = application;
    if (running == null) {
      throw notRunning();
    }
    return running.call(environ, startResponse);
  }

  /**
   * The application if it speaks ASGI.
   *
   * @return null if it speaks WSGI, and while it is not running
   */
  @Override
  public @Nullable AsgiApplication asgi() {
    PythonApplication running = application;
    return running == null ? null : running.asgi();
  }

  private IOException notRunning() {
    return new IOException("The mount " + name + " is not running");
  }

  @Override
  public String toString() {
    return "PythonMount[" + name + "]";
  }
}
