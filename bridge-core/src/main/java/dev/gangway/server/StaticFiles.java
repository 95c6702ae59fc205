package dev.gangway.server;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a folder of static files is served. Immutable and safe for many threads.
 *
 * <pre>{@code
 * StaticFiles.defaults().cacheControl("*.css", "max-age=3600")
 * }</pre>
 */
public final class StaticFiles {

  /** Names that hold a hash of the content, as Django's ManifestStaticFilesStorage makes them. */
  private static final Pattern HASHED = Pattern.compile(".*[.-][0-9a-f]{8,64}\\.[^/]+");

  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  private record Rule(PathMatcher names, String value) {}

  private final List<Rule> rules;
  private final Pattern hashed;

  private StaticFiles(List<Rule> rules, Pattern hashed) {
    this.rules = List.copyOf(rules);
    this.hashed = hashed;
  }

  /**
   * No Cache-Control, except that names with a hash of the content ({@code base.5af66c1b1797.css})
   * may be cached for a year.
   *
   * @return the defaults
   */
  public static StaticFiles defaults() {
    return new StaticFiles(List.of(), HASHED);
  }

  /**
   * Sets the Cache-Control of some files. The first pattern that fits decides, before the rule for
   * hashed names.
   *
   * @param glob of the file's name ({@code *.css}), or of its path in the folder if it holds a
   *     slash ({@code admin/**})
   * @param value of the header, such as {@code max-age=3600}
   * @return these settings with the rule added
   * @throws java.util.regex.PatternSyntaxException if the glob is malformed
   */
  public StaticFiles cacheControl(String glob, String value) {
    PathMatcher path = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    PathMatcher names =
        glob.contains("/")
            ? path
            : file -> {
              Path name = file.getFileName();
              return name != null && path.matches(name);
            };
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(names, value));
    return new StaticFiles(more, hashed);
  }

  /**
   * Sets which names hold a hash of the content, so that their files never change.
   *
   * @param names matched against the whole path in the folder
   * @return these settings with the pattern replaced
   */
  public StaticFiles immutable(Pattern names) {
    return new StaticFiles(rules, names);
  }

  /**
   * The Cache-Control of a file.
   *
   * @param path in the folder, with or without a leading slash
   * @return the value, or nothing for no header
   */
  public Optional<String> cacheControlOf(String path) {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    if (relative.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    Path file = Path.of(relative);
    for (Rule rule : rules) {
      if (rule.names().matches(file)) {
        return Optional.of(rule.value());
      }
    }
    return hashed.matcher(relative).matches() ? Optional.of(IMMUTABLE) : Optional.empty();
  }
}
