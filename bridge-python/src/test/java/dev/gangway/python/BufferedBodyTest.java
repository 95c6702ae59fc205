package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BufferedBodyTest {

  private static final int SLOT_SIZE = 4096;
  private static final int ROOM = 2000;

  @TempDir Path folder;
  private BodyMemory bodies;
  private SlotMemory slots;
  private Spool spool;

  @BeforeEach
  void open() throws IOException {
    bodies = new BodyMemory(folder.resolve("bodies"));
    slots = new SlotMemory(folder.resolve("slots"), 1, SLOT_SIZE);
    spool = new Spool(bodies, Files.createDirectory(folder.resolve("spool")));
  }

  @AfterEach
  void close() throws IOException {
    bodies.close();
  }

  private static final class Outcome implements BufferedBody.Receiver {
    private @Nullable BufferedBody body;
    private int refused;

    @Override
    public void received(BufferedBody complete) {
      body = complete;
    }

    @Override
    public void refused(int status, Throwable cause) {
      refused = status;
    }
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private BufferedBody receive(byte[] bytes, boolean known) {
    Outcome outcome = new Outcome();
    BufferedBody body = new BufferedBody(spool, ROOM, known ? bytes.length : -1, 0, outcome);
    for (int at = 0; at < bytes.length; at += 30_000) {
      assertThat(body.onData(bytes, at, Math.min(30_000, bytes.length - at))).isTrue();
    }
    body.onEnd();
    assertThat(outcome.body).isSameAs(body);
    return body;
  }

  /** Reads the body as a worker does. */
  private byte[] read(BufferedBody body) throws IOException {
    int place = body.place(slots, 0, 0);
    byte[] payload = new byte[body.length()];
    slots.get(0, payload, payload.length);
    if (place == Token.BODY_IN_SLOT) {
      return payload;
    }
    if (place == Token.BODY_IN_FILE) {
      return Files.readAllBytes(Path.of(new String(payload, StandardCharsets.UTF_8)));
    }
    assertThat(place).isEqualTo(Token.BODY_IN_BLOCKS);
    ByteBuffer address = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    byte[] file = Files.readAllBytes(folder.resolve("bodies"));
    ByteBuffer read = ByteBuffer.allocate(address.getInt());
    while (read.hasRemaining()) {
      int part = Math.min(read.remaining(), BodyMemory.BLOCK);
      read.put(file, address.getInt() * BodyMemory.BLOCK, part);
    }
    assertThat(address.hasRemaining()).isFalse();
    return read.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2000, 2001, 262_144, 262_145, 1_000_000, 4_194_304, 4_194_305})
  void keepsBodiesOfEverySize(int size) throws IOException {
    byte[] bytes = bytes(size);
    for (boolean known : new boolean[] {true, false}) {
      BufferedBody body = receive(bytes, known);
      assertThat(read(body)).isEqualTo(bytes);
      body.free();
    }
  }

  @ParameterizedTest
  @CsvSource({"2000, slot", "2001, blocks", "4194304, blocks", "4194305, file"})
  void choosesThePlaceByTheSize(int size, String place) {
    int expected =
        switch (place) {
          case "slot" -> Token.BODY_IN_SLOT;
          case "blocks" -> Token.BODY_IN_BLOCKS;
          default -> Token.BODY_IN_FILE;
        };
    for (boolean known : new boolean[] {true, false}) {
      BufferedBody body = receive(bytes(size), known);
      assertThat(body.place(slots, 0, 0)).isEqualTo(expected);
      body.free();
    }
  }

  @Test
  void bodiesGoToFilesWhenSharedMemoryIsTaken() throws IOException {
    List<BufferedBody> kept = new ArrayList<>();
    byte[] large = bytes(BodyBlocks.LIMIT);
    int places = 64 * 1024 * 1024 / large.length;
    for (int i = 0; i < places; i++) {
      kept.add(receive(large, true));
    }
    assertThat(kept).allMatch(body -> body.place(slots, 0, 0) == Token.BODY_IN_BLOCKS);
    BufferedBody more = receive(large, true);
    assertThat(more.place(slots, 0, 0)).isEqualTo(Token.BODY_IN_FILE);
    assertThat(read(more)).isEqualTo(large);
    kept.forEach(BufferedBody::free);
    BufferedBody after = receive(large, true);
    assertThat(after.place(slots, 0, 0)).isEqualTo(Token.BODY_IN_BLOCKS);
    more.free();
    after.free();
    try (var files = Files.list(folder.resolve("spool"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void bodiesAtTheSameTimeDoNotShareABlock() throws IOException {
    byte[] first = bytes(300_000);
    byte[] second = bytes(700_000);
    BufferedBody one = receive(first, true);
    BufferedBody two = receive(second, true);
    one.free();
    one.free();
    BufferedBody three = receive(first, true);
    BufferedBody four = receive(first, true);
    assertThat(read(two)).isEqualTo(second);
    assertThat(read(three)).isEqualTo(first);
    assertThat(read(four)).isEqualTo(first);
  }

  @Test
  void refusesABodyThatIsLongerThanTheLimit() {
    Outcome outcome = new Outcome();
    BufferedBody body = new BufferedBody(spool, ROOM, -1, 300_000, outcome);
    assertThat(body.onData(new byte[300_000], 0, 300_000)).isTrue();
    assertThat(body.onData(new byte[1], 0, 1)).isFalse();
    assertThat(outcome.refused).isEqualTo(413);
    assertThat(Arrays.stream(folder.resolve("spool").toFile().list())).isEmpty();
  }
}
