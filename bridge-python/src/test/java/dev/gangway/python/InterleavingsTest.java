package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Every order of events up to a depth: requests, the steps of workers, their deaths, deadlines,
 * clients that leave, refusals, repeated tokens, and the end of the application. In each situation
 * that is reached, a slot is one call's only, each call ends once and with its own bytes, a token
 * of an earlier generation is dropped, and after all is settled no call is in hand and no slot
 * lost.
 */
class InterleavingsTest {

  private static final int DEPTH = Integer.getInteger("gangway.test.depth", 10);

  @Test
  void noOrderOfEventsLosesASlotOrEndsACallTwice() throws Exception {
    Logger logger = Logger.getLogger("dev.gangway.python");
    Level level = logger.getLevel();
    logger.setLevel(Level.OFF); // each path fails requests on purpose
    long size = SlotMemory.size(1, EngineModel.SLOT_SIZE);
    try (PrivateFolders folders = new PrivateFolders(size, "")) {
      SlotMemory memory = new SlotMemory(folders.slots(), 1, EngineModel.SLOT_SIZE);
      try (RandomAccessFile slots = new RandomAccessFile(folders.slots().toFile(), "rw")) {
        assertThat(search(folders, memory, slots)).isGreaterThan(1000);
      }
    } finally {
      logger.setLevel(level);
    }
  }

  /** Breadth first; a situation that was seen before is not gone on from. */
  private static int search(PrivateFolders folders, SlotMemory memory, RandomAccessFile slots)
      throws Exception {
    Set<String> seen = new HashSet<>();
    ArrayDeque<List<String>> paths = new ArrayDeque<>();
    paths.add(List.of());
    while (!paths.isEmpty()) {
      List<String> path = paths.remove();
      try (EngineModel model = new EngineModel(folders, memory, slots)) {
        for (String event : path) {
          model.apply(event);
        }
        if (!seen.add(model.state())) {
          continue;
        }
        if (path.size() < DEPTH) {
          for (String event : model.events()) {
            List<String> longer = new ArrayList<>(path);
            longer.add(event);
            paths.add(longer);
          }
        }
        model.settle();
      } catch (AssertionError e) {
        throw new AssertionError("After " + path + ": " + e.getMessage(), e);
      }
    }
    return seen.size();
  }
}
