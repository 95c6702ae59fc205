package dev.gangway.spring;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the files of a Python application are, unpacked and installed as far as needed. */
final class MountFiles {

  private final String prefix;
  private final String name;
  private final MountProperties mount;
  private final FileCache cache;
  private final ClassPathFiles carried;

  /** The project's folder. */
  private final Path chdir;

  /**
   * The files of a mount; a project that the class path carries is unpacked.
   *
   * @throws MountException if that fails
   */
  MountFiles(String name, MountProperties mount, FileCache cache) {
    this.prefix = "gangway.mounts." + name + ".";
    this.name = name;
    this.mount = mount;
    this.cache = cache;
    this.carried = new ClassPathFiles(cache, !mount.user().isEmpty());
    this.chdir = resolve("chdir", mount.chdir() == null ? "" : mount.chdir(), Path.of(""));
  }

  Path chdir() {
    return chdir;
  }

  /**
   * The virtual environment with the requirements, which is made if need be.
   *
   * @return null if there are none
   * @throws MountException if it cannot be made
   */
  @Nullable Path environment() {
    if (mount.requirements() == null) {
      return null;
    }
    Path requirements = existing("requirements", mount.requirements());
    Path wheels = mount.wheels() == null ? null : existing("wheels", mount.wheels());
    try {
      return new PythonEnvironment(
              interpreter(), requirements, wheels, mount.installTimeout(), !mount.user().isEmpty())
          .in(cache);
    } catch (IOException e) {
      throw new MountException(
          prefix + "requirements",
          "The mount \""
              + name
              + "\" does not start: its packages are not installed, "
              + message(e),
          wheels == null
              ? "If the package index cannot be reached, tell pip of another one (PIP_INDEX_URL),"
                  + " or carry the packages along: \"pip wheel -r requirements.txt -w wheels\" and "
                  + prefix
                  + "wheels. Each requirement needs a hash: \"pip-compile --generate-hashes\". Or"
                  + " make the environment beforehand, and set "
                  + prefix
                  + "python to it instead."
              : "Is every package, for this Python and this machine, in "
                  + wheels
                  + "? \"pip wheel -r requirements.txt -w wheels\" collects them.",
          e);
    }
  }

  private Path existing(String property, String location) {
    Path path = resolve(property, location, chdir);
    if (!Files.exists(path)) {
      throw new MountException(
          prefix + property,
          "The mount \"" + name + "\" does not start: " + property + " is missing: " + path,
          "Name a file or folder. A relative path begins at chdir, and classpath:/python/ is the"
              + " folder python of the class path.",
          null);
    }
    return path;
  }

  private Path resolve(String property, String location, Path base) {
    if (!ClassPathFiles.isOne(location)) {
      return base.resolve(location).toAbsolutePath().normalize();
    }
    try {
      return carried.resolve(location);
    } catch (IOException e) {
      throw new MountException(
          prefix + property,
          "The mount \"" + name + "\" does not start: " + message(e),
          "Name a folder of the class path, which begins with src/main/resources, as"
              + " classpath:/python/. If it cannot be unpacked, set gangway.cache to a folder"
              + " that is the server's own.",
          e);
    }
  }

  /** Relative to the project, unless it is a bare name. */
  private String interpreter() {
    if (!mount.python().contains("/")) {
      return mount.python();
    }
    Path path = chdir.resolve(mount.python());
    return (Files.isDirectory(path) ? path.resolve("bin/python3") : path).toString();
  }

  /** The exceptions of files have little more than a path in their message. */
  private static String message(IOException e) {
    return e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
  }
}
