package dev.gangway.launcher;

import dev.gangway.jetty.JettyGateway;
import dev.gangway.launcher.Settings.Container;
import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSetting;
import dev.gangway.python.PythonStartException;
import dev.gangway.python.SourceWatcher;
import dev.gangway.server.AccessLog;
import dev.gangway.server.Gateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.server.StaticFiles;
import dev.gangway.tomcat.TomcatGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts the applications and the container, and stops them in order. */
final class Launcher {

  private static final System.Logger LOG = System.getLogger("dev.gangway.launcher");

  private static final int SERVER_FAILED = 1;

  /** gunicorn's code for an application that does not start. */
  private static final int APPLICATION_FAILED = 3;

  private final Settings settings;

  private Launcher(Settings settings) {
    this.settings = settings;
  }

  /** Runs until a signal; the exit code. */
  static int run(Settings settings) {
    return new Launcher(settings).run();
  }

  private int run() {
    StopSignals signals = StopSignals.install();
    Map<String, PythonApplication> applications = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, String> mount : settings.applications().entrySet()) {
        applications.put(mount.getKey(), start(mount.getValue()));
      }
    } catch (PythonStartException e) {
      applications.values().forEach(PythonApplication::close);
      System.err.println(e.getMessage());
      return APPLICATION_FAILED;
    }
    if (settings.checkOnly()) {
      applications.values().forEach(PythonApplication::close);
      Report.print(settings, System.out);
      return 0;
    }
    return serve(applications, signals);
  }

  private int serve(Map<String, PythonApplication> applications, StopSignals signals) {
    try (AccessLogFile accessLog = AccessLogFile.open(settings.accessLog());
        Gateway gateway = gateway(applications, accessLog)) {
      signals.onHangUp(
          () -> {
            LOG.log(System.Logger.Level.INFO, "Handling signal: HUP; replacing the workers");
            reload(applications);
          });
      gateway
          .uris()
          .forEach(uri -> LOG.log(System.Logger.Level.INFO, "Listening at: {0}", uri.toString()));
      String signal = await(signals, applications);
      LOG.log(System.Logger.Level.INFO, "Handling signal: {0}; finishing requests", signal);
    } catch (IOException | IllegalStateException e) {
      System.err.println("The server does not start: " + e.getMessage());
      return SERVER_FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.log(System.Logger.Level.INFO, "Stopped");
    return 0;
  }

  private PythonApplication start(String name) throws PythonStartException {
    PythonApplication.Builder builder = PythonApplication.builder(name);
    settings.python().forEach((setting, value) -> setting.apply(builder, value));
    if (settings.checkOnly()) {
      PythonSetting.WORKERS.apply(builder, "1");
    }
    return builder.start();
  }

  private String await(StopSignals signals, Map<String, PythonApplication> applications)
      throws InterruptedException {
    if (!settings.reload()) {
      return signals.await();
    }
    Path chdir = Path.of(settings.python().getOrDefault(PythonSetting.CHDIR, "")).toAbsolutePath();
    List<Path> folders = new ArrayList<>(List.of(chdir));
    for (String folder :
        settings.python().getOrDefault(PythonSetting.PYTHONPATH, "").split("[:,]", -1)) {
      if (!folder.isBlank()) {
        folders.add(chdir.resolve(folder.strip()));
      }
    }
    Runnable changed =
        () -> {
          LOG.log(System.Logger.Level.INFO, "Source files have changed; replacing the workers");
          reload(applications);
        };
    try (SourceWatcher watcher =
        new SourceWatcher(folders, List.of(".py"), settings.reloadExtraFiles(), changed)) {
      watcher.start();
      return signals.await();
    }
  }

  private static void reload(Map<String, PythonApplication> applications) {
    for (PythonApplication application : applications.values()) {
      try {
        application.reload();
      } catch (PythonStartException e) {
        LOG.log(System.Logger.Level.ERROR, "The old workers stay: " + e.getMessage());
      }
    }
  }

  private Gateway gateway(Map<String, PythonApplication> applications, AccessLogFile accessLog)
      throws IOException {
    GatewayBuilder<?> builder =
        settings.container() == Container.JETTY ? JettyGateway.builder() : TomcatGateway.builder();
    try {
      if (accessLog.isOn()) {
        builder.accessLog(AccessLog.of(settings.accessLogFormat(), accessLog::line));
      }
      settings.addresses().forEach(builder::bind);
      applications.forEach(builder::mount);
      settings
          .staticFolders()
          .forEach((path, folder) -> builder.staticFolder(path, folder, StaticFiles.defaults()));
      builder.forwardedAllowIps(settings.proxies().allowIps().toArray(String[]::new));
      builder.forwardedHeaders(settings.proxies().headers());
      Integer hops = settings.proxies().hops();
      if (hops != null) {
        builder.forwardedHops(hops);
      }
      builder.gracefulTimeout(settings.gracefulTimeout());
    } catch (IllegalArgumentException e) {
      applications.values().forEach(PythonApplication::close);
      throw e;
    }
    return builder.start();
  }
}
