package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileCacheTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private Path make(FileCache cache, FileCache.Maker maker) {
    try {
      return cache.folder("x", false, PATIENCE, maker);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void oneMakesItAndTheOthersWait() throws Exception {
    FileCache cache = new FileCache(folder.resolve("cache"));
    AtomicInteger made = new AtomicInteger();
    CountDownLatch making = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    FileCache.Maker maker =
        target -> {
          making.countDown();
          try {
            waiting.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          Files.writeString(target.resolve("number"), Integer.toString(made.incrementAndGet()));
        };
    var first = CompletableFuture.supplyAsync(() -> make(cache, maker));
    making.await();
    var second = CompletableFuture.supplyAsync(() -> make(cache, maker));
    waiting.countDown();
    assertThat(first.get().resolve("number")).hasContent("1");
    assertThat(second.get()).isEqualTo(first.get());
    assertThat(made).hasValue(1);
  }

  @Test
  void whatAFailureLeavesIsMadeAnew() throws Exception {
    FileCache cache = new FileCache(folder.resolve("cache"));
    assertThatThrownBy(
            () ->
                cache.folder(
                    "x",
                    false,
                    PATIENCE,
                    target -> {
                      Files.writeString(target.resolve("half"), "");
                      throw new IOException("provoked by the test");
                    }))
        .hasMessage("provoked by the test");
    Path made = make(cache, target -> Files.writeString(target.resolve("whole"), ""));
    assertThat(made.resolve("half")).doesNotExist();
    assertThat(made.resolve("whole")).exists();
  }

  @Test
  void aFolderThatOthersMayWriteToIsRefused() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> new FileCache(open).folder("x", false, PATIENCE, target -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("others may write there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "/etc/x", "a/./x", "a\\..\\x", ".."})
  void aNameThatLeavesItsFolderIsRefused(String name) {
    assertThatThrownBy(() -> ClassPathFiles.checkInside(name))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("leaves its folder");
  }
}
