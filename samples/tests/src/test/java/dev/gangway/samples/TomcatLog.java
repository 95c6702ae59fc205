package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gangway.python.conformance.ServerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Tomcat prints from now on, by one logger and those below it. */
final class TomcatLog implements ServerLog {

  /** As {@link TomcatBase} configures it. */
  static final String FORMAT = "[%4$s %3$s] %5$s%6$s%n";

  private static final Pattern LINE = Pattern.compile("\\[([A-Z]+) ([^ \\]]*)] (.*)");

  private final Path output;
  private final String logger;
  private final int before;

  TomcatLog(Path output, String logger) {
    this.output = output;
    this.logger = logger;
    before = lines().size();
  }

  private List<String> lines() {
    try {
      String printed = Files.readString(output, UTF_8);
      // What is being printed is not a line yet.
      return printed.substring(0, printed.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Entry> entries() {
    List<String> lines = lines();
    List<Entry> entries = new ArrayList<>();
    boolean ours = false;
    for (String line : lines.subList(before, lines.size())) {
      Matcher head = LINE.matcher(line);
      if (head.matches()) {
        ours = head.group(2).equals(logger) || head.group(2).startsWith(logger + ".");
        if (ours) {
          entries.add(new Entry(Level.parse(head.group(1)), head.group(3)));
        }
      } else if (ours) {
        Entry last = entries.remove(entries.size() - 1);
        entries.add(new Entry(last.level(), last.message() + "\n" + line));
      }
    }
    return entries;
  }

  @Override
  public void close() {}
}
