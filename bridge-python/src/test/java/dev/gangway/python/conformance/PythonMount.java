package dev.gangway.python.conformance;

import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSetting;
import jakarta.servlet.Filter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a test has a server mount, in words that a {@code web.xml} has too.
 *
 * @param settings the values of the settings
 * @param prefixes where the application is mounted; {@code /} is the root
 * @param filters what stands in front of it; classes that need no other class
 */
public record PythonMount(
    Map<PythonSetting, String> settings,
    List<String> prefixes,
    List<Class<? extends Filter>> filters) {

  /** An application of {@code conformance.py} at the root, with one worker of one thread. */
  static PythonMount of(String application) {
    PythonMount mount = new PythonMount(Map.of(), List.of("/"), List.of());
    return mount
        .with(
            PythonSetting.APPLICATION,
            application.contains(":") ? application : "conformance:" + application)
        .with(PythonSetting.CHDIR, Pythons.fixtures().toString())
        .with(PythonSetting.PYTHON, Pythons.interpreter())
        .with(PythonSetting.WORKERS, "1");
  }

  PythonMount with(PythonSetting setting, String value) {
    Map<PythonSetting, String> more = new LinkedHashMap<>(settings);
    more.put(setting, value);
    return new PythonMount(more, prefixes, filters);
  }

  PythonMount at(String... places) {
    return new PythonMount(settings, Arrays.asList(places), filters);
  }

  PythonMount behind(Class<? extends Filter> filter) {
    return new PythonMount(settings, prefixes, List.of(filter));
  }

  /** The settings for an application in this JVM. */
  PythonApplication.Builder builder() {
    PythonApplication.Builder builder =
        PythonApplication.builder(settings.get(PythonSetting.APPLICATION));
    settings.forEach((setting, value) -> setting.apply(builder, value));
    return builder;
  }
}
