package dev.gangway.spring.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.spring.MountProperties;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.env.MockEnvironment;

class SourceFoldersTest {

  @Test
  void theSourcesOfAMountAreItsFolderAndThoseThatItImportsFrom() {
    MountProperties mount =
        mount(Map.of("chdir", "sites/shop", "pythonpath", "../common,/opt/lib", "reload", "true"));
    Path here = Path.of("").toAbsolutePath();
    assertThat(SourceFolders.of(mount, false))
        .containsExactly(
            here.resolve("sites/shop"), here.resolve("sites/common"), Path.of("/opt/lib"));
    assertThat(SourceFolders.of(mount(Map.of("reload", "true")), false)).containsExactly(here);
  }

  @Test
  void withoutTheSettingItIsAsTheDevtoolsAre() {
    assertThat(SourceFolders.of(mount(Map.of()), true)).hasSize(1);
    assertThat(SourceFolders.of(mount(Map.of()), false)).isEmpty();
    assertThat(SourceFolders.of(mount(Map.of("reload", "false")), true)).isEmpty();
  }

  @Test
  void devtoolsThatDoNotRestartDoNotReload() {
    MockEnvironment environment = new MockEnvironment();
    assertThat(SourceFolders.byDefault(environment)).isTrue();
    environment.setProperty("spring.devtools.restart.enabled", "false");
    assertThat(SourceFolders.byDefault(environment)).isFalse();
  }

  private static MountProperties mount(Map<String, String> settings) {
    Map<String, String> properties = new HashMap<>(Map.of("mount.path", "/shop"));
    settings.forEach((name, value) -> properties.put("mount." + name, value));
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("mount", MountProperties.class);
  }
}
