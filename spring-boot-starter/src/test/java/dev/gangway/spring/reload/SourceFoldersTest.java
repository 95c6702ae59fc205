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

  private static final Path CHDIR = Path.of("/srv/shop");

  @Test
  void theSourcesOfAMountAreItsFolderAndThoseThatItImportsFrom() {
    MountProperties mount = mount(Map.of("pythonpath", "../common,/opt/lib", "reload", "true"));
    assertThat(SourceFolders.of(CHDIR, mount, false))
        .containsExactly(CHDIR, Path.of("/srv/common"), Path.of("/opt/lib"));
  }

  @Test
  void withoutTheSettingItIsAsTheDevtoolsAre() {
    assertThat(SourceFolders.of(CHDIR, mount(Map.of()), true)).hasSize(1);
    assertThat(SourceFolders.of(CHDIR, mount(Map.of()), false)).isEmpty();
    assertThat(SourceFolders.of(CHDIR, mount(Map.of("reload", "false")), true)).isEmpty();
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
