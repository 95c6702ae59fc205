package dev.gangway.spring.reload;

import dev.gangway.spring.GatewayMounts;
import dev.gangway.spring.MountProperties;
import dev.gangway.spring.PythonMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** The folders of which a change makes new workers. */
final class SourceFolders {

  private static final String DEVTOOLS = "org.springframework.boot.devtools.restart.Restarter";

  private SourceFolders() {}

  /** The folders of the mounts that are to be reloaded, absolute. */
  static Map<PythonMount, List<Path>> of(GatewayMounts mounts, Environment environment) {
    boolean byDefault = byDefault(environment);
    Map<PythonMount, List<Path>> folders = new LinkedHashMap<>();
    for (PythonMount mount : mounts.python()) {
      List<Path> own = of(mount.folder(), mount.properties(), byDefault);
      if (!own.isEmpty()) {
        folders.put(mount, own);
      }
    }
    return folders;
  }

  /** Whether there are devtools and nobody has turned off what they do for changed files. */
  static boolean byDefault(Environment environment) {
    return ClassUtils.isPresent(DEVTOOLS, SourceFolders.class.getClassLoader())
        && environment.getProperty("spring.devtools.restart.enabled", Boolean.class, true);
  }

  /** The folders of a mount, or none if it is not to be reloaded. */
  static List<Path> of(Path chdir, MountProperties mount, boolean byDefault) {
    if (!Objects.requireNonNullElse(mount.reload(), byDefault)) {
      return List.of();
    }
    List<Path> folders = new ArrayList<>();
    folders.add(chdir);
    mount.pythonpath().forEach(folder -> folders.add(chdir.resolve(folder).normalize()));
    return folders;
  }
}
