package dev.gangway.python;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceWatcherTest {

  @Test
  void actsOnceForChangesOfSourcesAndExtraFilesAndNotForOthers(@TempDir Path folder)
      throws Exception {
    Path sources = Files.createDirectories(folder.resolve(".project/shop"));
    Path environment = Files.createDirectories(sources.resolve("venv"));
    Files.writeString(environment.resolve("pyvenv.cfg"), "");
    Path source = Files.writeString(sources.resolve("views.py"), "a = 1");
    Path data = Files.writeString(sources.resolve("db.sqlite3"), "");
    Path extra = Files.writeString(folder.resolve("settings.toml"), "");
    AtomicInteger changes = new AtomicInteger();
    try (SourceWatcher watcher =
        new SourceWatcher(
            List.of(folder.resolve(".project")),
            List.of(".py"),
            List.of(extra),
            changes::incrementAndGet)) {
      watcher.start();
      Files.writeString(data, "more");
      Files.writeString(environment.resolve("installed.py"), "a = 2");
      touch(source);
      await().until(() -> changes.get() == 1);
      touch(extra);
      await().until(() -> changes.get() == 2);
      Files.delete(source);
      await().until(() -> changes.get() == 3);
    }
  }

  private static void touch(Path file) throws Exception {
    Files.writeString(file, Files.readString(file) + "\n");
  }
}
