package dev.gangway.launcher;

import dev.gangway.python.PythonSetting;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** The resolved settings, a line each. */
final class Report {

  private Report() {}

  static void print(Settings settings, PrintStream out) {
    settings.applications().forEach((path, name) -> line(out, "mount", path + "=" + name));
    settings.addresses().forEach(address -> line(out, "bind", address));
    line(out, "container", settings.container().name().toLowerCase(Locale.ROOT));
    settings
        .staticFolders()
        .forEach((path, folder) -> line(out, "static-map", path + "=" + folder));
    for (PythonSetting setting : PythonSetting.values()) {
      if (setting == PythonSetting.ENV) {
        settings
            .python()
            .getOrDefault(setting, "")
            .lines()
            .forEach(variable -> line(out, "env", variable.replaceFirst("=.*", "=...")));
      } else if (setting != PythonSetting.APPLICATION) {
        line(
            out,
            setting.settingName(),
            settings.python().getOrDefault(setting, otherwise(setting)));
      }
    }
    if (settings.accessLog() != null) {
      line(out, "access-logfile", settings.accessLog());
      line(out, "access-logformat", settings.accessLogFormat());
    }
    line(out, "forwarded-allow-ips", String.join(",", settings.proxies().allowIps()));
    if (settings.proxies().hops() != null) {
      line(out, "forwarded-hops", settings.proxies().hops().toString());
    }
    line(out, "forwarded-headers", settings.proxies().headers().settingName());
  }

  private static String otherwise(PythonSetting setting) {
    return switch (setting) {
      case CHDIR -> Path.of("").toAbsolutePath().toString();
      case WORKERS -> Integer.toString(Runtime.getRuntime().availableProcessors());
      default -> setting.defaultValue();
    };
  }

  private static void line(PrintStream out, String name, String value) {
    out.println((name + " = " + value).stripTrailing());
  }
}
