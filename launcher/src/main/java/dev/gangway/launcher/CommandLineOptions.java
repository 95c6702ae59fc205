package dev.gangway.launcher;

import dev.gangway.launcher.Settings.Container;
import dev.gangway.launcher.Settings.Proxies;
import dev.gangway.python.PythonSetting;
import dev.gangway.server.AccessLog;
import dev.gangway.server.ForwardedHeaders;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line: gunicorn's names where it has them; those of Python from PythonSetting. */
final class CommandLineOptions {

  private static final Map<PythonSetting, String> SHORT =
      Map.of(PythonSetting.WORKERS, "-w", PythonSetting.ENV, "-e");

  private CommandLineOptions() {}

  /** Parses, prints help or a complaint, or runs; the exit code. */
  static int execute(
      String[] arguments, Map<String, String> environment, ToIntFunction<Settings> run) {
    CommandLine command = new CommandLine(spec());
    try {
      ParseResult parsed = command.parseArgs(arguments);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return CommandLine.ExitCode.OK;
      }
      LogConfiguration.level(parsed.matchedOptionValue("--log-level", "info"));
      return run.applyAsInt(settings(parsed, environment));
    } catch (ParameterException | IllegalArgumentException e) {
      command.getErr().println("Error: " + e.getMessage());
      command.getErr().println("Try --help.");
      return CommandLine.ExitCode.USAGE;
    }
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("gangway");
    String version = CommandLineOptions.class.getPackage().getImplementationVersion();
    spec.version("gangway " + (version == null ? "(unpackaged)" : version));
    spec.usageMessage()
        .customSynopsis("java -jar gangway.jar [options] module:callable")
        .description("Serves Python WSGI applications with Jetty or Tomcat.%n")
        .sortOptions(false)
        .autoWidth(true);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .type(String.class)
            .paramLabel("module:callable")
            .description("also module (meaning module:application) or module:factory()")
            .build());
    spec.addOption(
        repeated(
            "ADDRESS",
            "Listen at HOST:PORT, [IPV6]:PORT or unix:PATH; repeatable. Default:"
                + " 127.0.0.1:8000, or 0.0.0.0:$PORT where PORT is set",
            "-b",
            "--bind"));
    spec.addOption(
        repeated(
            "/PREFIX[=module:callable]",
            "Where the application is mounted, or one more application; repeatable. Default: /",
            "--mount"));
    spec.addOption(
        repeated("/PREFIX=FOLDER", "Serve the files of a folder; repeatable", "--static-map"));
    spec.addOption(single("NAME", "jetty or tomcat. Default: jetty", "--container"));
    for (PythonSetting setting : PythonSetting.values()) {
      if (setting != PythonSetting.APPLICATION) {
        spec.addOption(python(setting));
      }
    }
    spec.addOption(single("FILE", "Log every request, - for standard output", "--access-logfile"));
    spec.addOption(
        single(
            "FORMAT",
            "Format of the access log in gunicorn's letters, with {queue_time}g, {request_id}g and"
                + " {trace_id}g. Default: "
                + AccessLog.DEFAULT_FORMAT,
            "--access-logformat"));
    spec.addOption(
        single("LEVEL", "debug, info, warning, error or critical. Default: info", "--log-level"));
    spec.addOption(
        single(
            "ADDRESSES",
            "Proxies whose forwarded headers are believed: addresses, networks and unix, separated by"
                + " commas; * for all. Default: $FORWARDED_ALLOW_IPS or 127.0.0.1,::1",
            "--forwarded-allow-ips"));
    spec.addOption(
        single("COUNT", "How many proxies are believed at most. No limit", "--forwarded-hops"));
    spec.addOption(
        single(
            "KIND",
            "Which headers the proxies set: forwarded, x-forwarded or any. Default: any",
            "--forwarded-headers"));
    spec.addOption(
        flag(
            "Replace the workers when a Python file below chdir or pythonpath changes, for"
                + " development",
            "--reload"));
    spec.addOption(
        repeated("FILE", "One more file for --reload; repeatable", "--reload-extra-file"));
    spec.addOption(flag("Import the applications, print the settings and exit", "--check-config"));
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Print this").build());
    spec.addOption(
        OptionSpec.builder("-v", "--version")
            .versionHelp(true)
            .description("Print the version")
            .build());
    return spec;
  }

  private static OptionSpec python(PythonSetting setting) {
    String description =
        setting.description()
            + (setting.defaultValue().isEmpty() ? "" : ". Default: " + setting.defaultValue());
    String name = "--" + setting.settingName();
    if (setting == PythonSetting.PRELOAD) {
      return flag("Import the application once, and fork the workers from that process", name);
    }
    List<String> names = new ArrayList<>();
    String letter = SHORT.get(setting);
    if (letter != null) {
      names.add(letter);
    }
    names.add(name);
    return setting == PythonSetting.ENV
        ? repeated("KEY=VALUE", "An environment variable; repeatable", names.toArray(String[]::new))
        : single("VALUE", description, names.toArray(String[]::new));
  }

  private static OptionSpec single(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(String.class)
        .paramLabel(label)
        .description(description.replace("%", "%%"))
        .build();
  }

  private static OptionSpec repeated(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description.replace("%", "%%"))
        .build();
  }

  private static OptionSpec flag(String description, String name) {
    return OptionSpec.builder(name).type(boolean.class).description(description).build();
  }

  private static Settings settings(ParseResult parsed, Map<String, String> environment) {
    Map<PythonSetting, String> python = new EnumMap<>(PythonSetting.class);
    for (PythonSetting setting : PythonSetting.values()) {
      String name = "--" + setting.settingName();
      if (setting == PythonSetting.ENV) {
        List<String> variables = parsed.matchedOptionValue(name, List.of());
        if (!variables.isEmpty()) {
          python.put(setting, String.join("\n", variables));
        }
      } else if (setting == PythonSetting.PRELOAD) {
        if (parsed.hasMatchedOption(name)) {
          python.put(setting, "on");
        }
      } else if (setting != PythonSetting.APPLICATION && parsed.hasMatchedOption(name)) {
        python.put(setting, parsed.matchedOptionValue(name, ""));
      }
    }
    return new Settings(
        applications(parsed),
        python,
        addresses(parsed, environment),
        container(parsed.matchedOptionValue("--container", "jetty")),
        staticFolders(parsed),
        parsed.matchedOptionValue("--access-logfile", (String) null),
        accessLogFormat(parsed),
        seconds(python.getOrDefault(PythonSetting.GRACEFUL_TIMEOUT, "30")),
        proxies(parsed, environment),
        parsed.hasMatchedOption("--reload"),
        extraFiles(parsed),
        parsed.hasMatchedOption("--check-config"));
  }

  private static Proxies proxies(ParseResult parsed, Map<String, String> environment) {
    @Nullable String hops = parsed.matchedOptionValue("--forwarded-hops", (String) null);
    return new Proxies(
        ForwardedHeaders.addresses(
            parsed.matchedOptionValue(
                "--forwarded-allow-ips",
                environment.getOrDefault("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"))),
        hops == null ? null : ForwardedHeaders.hops(hops),
        ForwardedHeaders.Kind.of(parsed.matchedOptionValue("--forwarded-headers", "any")));
  }

  private static String accessLogFormat(ParseResult parsed) {
    String format = parsed.matchedOptionValue("--access-logformat", AccessLog.DEFAULT_FORMAT);
    AccessLog unused = AccessLog.of(format, line -> {}); // complains before anything is started
    return format;
  }

  private static List<Path> extraFiles(ParseResult parsed) {
    List<String> files = parsed.matchedOptionValue("--reload-extra-file", List.of());
    return files.stream().map(file -> new File(file).toPath()).toList();
  }

  private static Map<String, String> applications(ParseResult parsed) {
    String positional = parsed.matchedPositionalValue(0, (String) null);
    Map<String, String> applications = new LinkedHashMap<>();
    String place = null;
    List<String> mounts = parsed.matchedOptionValue("--mount", List.of());
    for (String mount : mounts) {
      int equals = mount.indexOf('=');
      if (equals >= 0) {
        put(applications, mount.substring(0, equals), mount.substring(equals + 1));
      } else if (place == null) {
        place = mount;
      } else {
        throw new IllegalArgumentException(
            "--mount "
                + mount
                + " and --mount "
                + place
                + ": there is one module:callable to"
                + " mount. Name others as --mount /PREFIX=module:callable.");
      }
    }
    if (positional != null) {
      put(applications, place == null ? "/" : place, positional);
    } else if (place != null || applications.isEmpty()) {
      throw new IllegalArgumentException(
          "No application: name it as module:callable, such as mysite.wsgi:application.");
    }
    return applications;
  }

  private static void put(Map<String, String> applications, String path, String application) {
    if (applications.putIfAbsent(path, application) != null) {
      throw new IllegalArgumentException("Two applications are mounted at " + path + ".");
    }
  }

  private static List<String> addresses(ParseResult parsed, Map<String, String> environment) {
    List<String> addresses = parsed.matchedOptionValue("--bind", List.of());
    if (!addresses.isEmpty()) {
      return addresses;
    }
    @Nullable String port = environment.get("PORT");
    return List.of(port == null || port.isEmpty() ? "127.0.0.1:8000" : "0.0.0.0:" + port);
  }

  private static Container container(String name) {
    try {
      return Container.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Unknown container \"" + name + "\". Use jetty or tomcat.", e);
    }
  }

  private static Map<String, Path> staticFolders(ParseResult parsed) {
    Map<String, Path> folders = new LinkedHashMap<>();
    List<String> maps = parsed.matchedOptionValue("--static-map", List.of());
    for (String map : maps) {
      int equals = map.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "--static-map " + map + ": use /PREFIX=FOLDER, such as /static=staticfiles.");
      }
      folders.put(map.substring(0, equals), new File(map.substring(equals + 1)).toPath());
    }
    return folders;
  }

  private static Duration seconds(String value) {
    try {
      return Duration.ofMillis((long) (Double.parseDouble(value) * 1000));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--graceful-timeout \"" + value + "\" is not a number of seconds.", e);
    }
  }
}
