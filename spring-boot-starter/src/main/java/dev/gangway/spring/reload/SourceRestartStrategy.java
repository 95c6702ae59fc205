package dev.gangway.spring.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.springframework.boot.devtools.classpath.ClassPathRestartStrategy;
import org.springframework.boot.devtools.filewatch.ChangedFile;

/**
 * Spares the JVM a restart for what only workers read: the folders of mounts that are part of the
 * class path. Of a folder that holds the class path, or is it, only Python's files are meant.
 */
final class SourceRestartStrategy implements ClassPathRestartStrategy {

  private final List<Path> folders;
  private final ClassPathRestartStrategy others;

  /**
   * A strategy.
   *
   * @param folders of the mounts, absolute
   * @param others decides about all other files
   */
  SourceRestartStrategy(Collection<Path> folders, ClassPathRestartStrategy others) {
    this.folders = folders.stream().map(SourceRestartStrategy::real).toList();
    this.others = others;
  }

  @Override
  public boolean isRestartRequired(ChangedFile changed) {
    Path relative = Path.of(changed.getRelativeName());
    Path file = changed.getFile().toPath().toAbsolutePath().normalize();
    Path root = file;
    for (int i = 0; i < relative.getNameCount() && root.getParent() != null; i++) {
      root = root.getParent();
    }
    Path classPath = real(root);
    Path source = classPath.resolve(relative);
    for (Path folder : folders) {
      boolean inside = folder.startsWith(classPath) && !folder.equals(classPath);
      if (source.startsWith(folder) && (inside || isPython(source))) {
        return false;
      }
    }
    return others.isRestartRequired(changed);
  }

  private static boolean isPython(Path file) {
    String name = file.toString();
    return name.endsWith(".py") || name.endsWith(".pyc");
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder.toAbsolutePath().normalize();
    }
  }
}
