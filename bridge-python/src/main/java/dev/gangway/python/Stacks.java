package dev.gangway.python;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Asks workers for the stacks of their threads, which they write to a file whatever they are doing.
 * For the supervisor's thread alone.
 */
final class Stacks {

  private static final Logger LOG = System.getLogger(Stacks.class.getName());

  /** How long a worker is given to write. */
  private static final Duration WRITTEN = Duration.ofMillis(150);

  private final PrivateFolders folders;
  private final Supervisor supervisor;

  /** Who waits for the stacks of a worker that has been asked already. */
  private final Map<Integer, List<Consumer<String>>> asked = new HashMap<>();

  Stacks(PrivateFolders folders, Supervisor supervisor) {
    this.folders = folders;
    this.supervisor = supervisor;
  }

  /** Tells the stacks of all threads, as Python's faulthandler writes them, in a while. */
  void ask(WorkerProcess worker, Consumer<String> told) {
    List<Consumer<String>> waiting = asked.get(worker.number());
    if (waiting != null) {
      waiting.add(told);
      return;
    }
    Path file = folders.stacks(worker.number());
    try {
      if (Files.exists(file)) {
        Files.write(file, new byte[0]); // what it wrote when it was asked before
      }
      Process kill =
          new ProcessBuilder("kill", "-USR2", Long.toString(worker.pid()))
              .redirectErrorStream(true)
              .start();
      kill.getOutputStream().close();
      kill.getInputStream().close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The stacks of a worker cannot be asked for", e);
      return;
    }
    asked.put(worker.number(), new ArrayList<>(List.of(told)));
    supervisor.later(() -> tell(worker.number(), file), WRITTEN);
  }

  private void tell(int worker, Path file) {
    List<Consumer<String>> waiting = asked.remove(worker);
    try {
      String stacks = Files.readString(file, StandardCharsets.UTF_8);
      if (waiting != null) {
        waiting.forEach(told -> told.accept(stacks));
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The stacks of a worker cannot be read", e);
    }
  }

  /**
   * The stack of one thread.
   *
   * @param stacks of all threads
   * @param ident Python's number of the thread
   * @return its lines, the innermost call first; all stacks if that thread is not among them
   */
  static String of(String stacks, long ident) {
    String name = String.format("hread 0x%016x ", ident);
    String found =
        stacks
            .lines()
            .dropWhile(line -> !line.contains(name))
            .skip(1)
            .takeWhile(line -> line.startsWith(" "))
            .collect(Collectors.joining("\n"));
    return found.isEmpty() ? stacks.stripTrailing() : found;
  }
}
