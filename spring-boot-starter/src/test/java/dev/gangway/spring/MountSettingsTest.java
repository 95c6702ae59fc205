package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSetting;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Each property does what the setting of its name does. */
class MountSettingsTest {

  private static final Map<PythonSetting, String[]> SAMPLES = new EnumMap<>(PythonSetting.class);

  private static void sample(PythonSetting setting, String property, String text) {
    SAMPLES.put(setting, new String[] {property, text});
  }

  static {
    sample(PythonSetting.APPLICATION, "shop.wsgi:site", "shop.wsgi:site");
    sample(PythonSetting.APPLICATION_TYPE, "asgi", "asgi");
    sample(PythonSetting.CHDIR, "../site", "../site");
    sample(PythonSetting.PYTHONPATH, "lib,more", "lib:more");
    sample(PythonSetting.PYTHON, ".venv", ".venv");
    sample(PythonSetting.WORKERS, "7", "7");
    sample(PythonSetting.THREADS, "3", "3");
    sample(PythonSetting.PRELOAD, "true", "on");
    sample(PythonSetting.ENV, "", "DJANGO_SETTINGS_MODULE=shop.settings");
    sample(PythonSetting.GRACEFUL_TIMEOUT, "2m", "120");
    sample(PythonSetting.QUEUE_TIMEOUT, "1500ms", "1.5");
    sample(PythonSetting.START_TIMEOUT, "90", "90");
    sample(PythonSetting.REHEARSAL, "/health", "/health");
    sample(PythonSetting.TIMEOUT, "5", "5");
    sample(PythonSetting.SLOW_REQUEST_LOG, "1s", "1");
    sample(PythonSetting.MAX_REQUESTS, "1000", "1000");
    sample(PythonSetting.MAX_REQUESTS_JITTER, "50", "50");
    sample(PythonSetting.MAX_WORKER_LIFETIME, "1d", "86400");
    sample(PythonSetting.RELOAD_ON_RSS, "512MB", "536870912");
    sample(PythonSetting.USER, "www", "www");
    sample(PythonSetting.GROUP, "web", "web");
    sample(PythonSetting.UMASK, "027", "027");
    sample(PythonSetting.LIMIT_AS, "1GB", "1073741824");
    sample(PythonSetting.LIMIT_NOFILE, "500", "500");
    sample(PythonSetting.LIMIT_CPU, "1500ms", "2");
    sample(PythonSetting.BACKLOG, "11", "11");
    sample(PythonSetting.REQUEST_BUFFERING, "off", "off");
    sample(PythonSetting.LIMIT_REQUEST_BODY, "10MB", "10485760");
    sample(PythonSetting.RESPONSE_BUFFER, "0", "0");
    sample(PythonSetting.RESPONSE_BUFFER_TOTAL, "100MB", "104857600");
    sample(PythonSetting.SLOTS, "64", "64");
    sample(PythonSetting.SLOT_SIZE, "128KB", "131072");
  }

  private static PythonApplication.Builder bound(Map<String, String> properties) {
    MountProperties mount =
        new Binder(new MapConfigurationPropertySource(properties))
            .bind("mount", MountProperties.class)
            .get();
    return MountSettings.of(String.valueOf(mount.application()), mount, "/shop");
  }

  @Test
  void eachPropertyIsTheSettingOfItsName() {
    assertThat(SAMPLES).containsOnlyKeys(PythonSetting.values());
    SAMPLES.forEach(
        (setting, sample) -> {
          Map<String, String> properties = new LinkedHashMap<>();
          properties.put("mount.application", "site");
          PythonApplication.Builder expected = PythonApplication.builder("site");
          setting.apply(expected, sample[1]);
          properties.put("mount." + setting.settingName(), sample[0]);
          if (setting == PythonSetting.REHEARSAL) {
            expected.env(Map.of("SCRIPT_NAME", "/shop"));
          }
          if (setting == PythonSetting.ENV) {
            properties.remove("mount.env");
            properties.put("mount.env.DJANGO_SETTINGS_MODULE", "shop.settings");
          }
          assertThat(bound(properties))
              .as(setting.settingName())
              .usingRecursiveComparison()
              .isEqualTo(expected);
          assertThat(expected)
              .as("the sample of " + setting.settingName() + " says something")
              .usingRecursiveComparison()
              .isNotEqualTo(PythonApplication.builder("site"));
        });
  }

  @Test
  void whatIsNotSetIsAsInJava() {
    assertThat(bound(Map.of("mount.application", "site")))
        .usingRecursiveComparison()
        .isEqualTo(PythonApplication.builder("site"));
  }
}
