package dev.gangway.spring;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

/**
 * Files that the class path carries, as files of the file system: of a jar, also one within an
 * executable jar, they are unpacked into the {@link FileCache}; a folder of the class path, as a
 * build tool or an IDE has it, is used where it is.
 */
final class ClassPathFiles {

  private static final String PREFIX = "classpath:";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final FileCache cache;
  private final boolean shared;

  /**
   * Files of the class path.
   *
   * @param cache where they are unpacked
   * @param shared whether other users may read them
   */
  ClassPathFiles(FileCache cache, boolean shared) {
    this.cache = cache;
    this.shared = shared;
  }

  static boolean isOne(String location) {
    return location.startsWith(PREFIX);
  }

  /**
   * A folder or a file.
   *
   * @param location such as {@code classpath:/python/}, or without the slash at its end a file,
   *     which comes with the folder that it is in
   * @throws IOException if there is none, or it cannot be unpacked
   */
  Path resolve(String location) throws IOException {
    int end = location.lastIndexOf('/') + 1;
    if (end <= PREFIX.length()) {
      throw new IOException(
          location + " is not in a folder of the class path, such as classpath:/python/");
    }
    Path folder = folder(location.substring(0, end));
    return end == location.length() ? folder : folder.resolve(location.substring(end));
  }

  private Path folder(String location) throws IOException {
    Resource resource = new DefaultResourceLoader().getResource(location);
    if (!resource.exists()) {
      throw new IOException("The class path has no folder " + location);
    }
    URL url = resource.getURL();
    if (url.getProtocol().equals("file")) {
      return resource.getFile().toPath();
    }
    URLConnection connection = url.openConnection();
    if (!(connection instanceof JarURLConnection jar)) {
      throw new IOException(location + " is neither a folder nor in a jar: " + url);
    }
    jar.setUseCaches(false);
    try (JarFile file = jar.getJarFile()) {
      return unpacked(file, jar.getEntryName());
    }
  }

  private Path unpacked(JarFile jar, String prefix) throws IOException {
    List<JarEntry> entries = new ArrayList<>();
    jar.stream()
        .filter(entry -> entry.getName().startsWith(prefix) && !entry.isDirectory())
        .forEach(entries::add);
    entries.sort(Comparator.comparing(JarEntry::getName));
    ContentHash hash = new ContentHash();
    for (JarEntry entry : entries) {
      checkInside(entry.getName().substring(prefix.length()));
      try (InputStream content = jar.getInputStream(entry)) {
        hash.add(entry.getName().substring(prefix.length()), content);
      }
    }
    String last = prefix.substring(0, prefix.length() - 1).replaceFirst(".*/", "");
    return cache.folder(
        last.replaceAll("[^A-Za-z0-9_.-]", "_") + "-" + hash,
        shared,
        PATIENCE,
        folder -> {
          for (JarEntry entry : entries) {
            Path target = folder.resolve(entry.getName().substring(prefix.length()));
            Files.createDirectories(target.getParent());
            try (InputStream content = jar.getInputStream(entry)) {
              Files.copy(content, target);
            }
          }
        });
  }

  /** Nobody's jar writes beside the folder. */
  static void checkInside(String name) throws IOException {
    Path path = Path.of(name);
    if (path.isAbsolute()
        || name.isEmpty()
        || name.indexOf('\\') >= 0
        || !path.normalize().equals(path)
        || path.startsWith("..")) {
      throw new IOException("An entry of the jar leaves its folder: " + name);
    }
  }
}
