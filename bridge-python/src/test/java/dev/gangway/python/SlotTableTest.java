package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.python.SlotTable.Held;
import dev.gangway.python.SlotTable.Phase;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotTableTest {

  @TempDir private Path folder;
  private SlotTable<String> table;

  @BeforeEach
  void makeTwoSlots() throws Exception {
    table = new SlotTable<>(new SlotMemory(folder.resolve("slots"), 2, 4096));
  }

  private Held<String> acquire(String call) {
    return Objects.requireNonNull(table.acquire(call));
  }

  private static Token token(Held<String> held, int kind) {
    return new Token(held.slot(), held.generation(), 0, kind);
  }

  @Test
  void givesOutEachSlotOnce() {
    Held<String> first = acquire("first");
    Held<String> second = acquire("second");
    assertThat(first.slot()).isNotEqualTo(second.slot());
    assertThat(table.acquire("third")).isNull();
    assertThat(table.release(first)).isTrue();
    assertThat(table.release(first)).as("a second release").isFalse();
    assertThat(acquire("third").slot()).isEqualTo(first.slot());
  }

  @Test
  void dropsTokensOfAnEarlierGeneration() {
    Held<String> first = acquire("first");
    table.release(first);
    Held<String> again = acquire("again");
    assertThat(again.slot()).isEqualTo(first.slot());
    assertThat(table.accept(token(first, Token.RESPONSE))).isNull();
    assertThat(table.accept(token(again, Token.RESPONSE))).isEqualTo("again");
  }

  @Test
  void dropsTokensThatNameNoSlot() {
    assertThat(table.accept(new Token(-1, 0, 0, Token.RESPONSE))).isNull();
    assertThat(table.accept(new Token(2, 0, 0, Token.RESPONSE))).isNull();
    assertThat(table.accept(new Token(0, 0, 0, Token.RESPONSE))).as("a free slot").isNull();
  }

  @Test
  void takesOnlyTokensThatHaveAPlace() {
    Held<String> held = acquire("call");
    assertThat(table.accept(token(held, Token.PART))).as("a part before the head").isNull();
    assertThat(table.accept(token(held, Token.HEAD))).isEqualTo("call");
    assertThat(table.goOn(held)).isTrue();
    assertThat(table.accept(token(held, Token.HEAD))).as("a second head").isNull();
    assertThat(table.accept(token(held, Token.PART))).isEqualTo("call");
    assertThat(table.accept(token(held, Token.PART))).as("a part that was not asked for").isNull();
    assertThat(table.accept(token(held, Token.END))).as("before the part has left").isNull();
    assertThat(table.goOn(held)).isTrue();
    assertThat(table.accept(token(held, Token.END))).isEqualTo("call");
    assertThat(table.accept(token(held, Token.PART))).as("a part after the end").isNull();
  }

  @Test
  void takesPartsWithoutWaitsBetweenThem() {
    Held<String> held = acquire("call");
    assertThat(table.accept(token(held, Token.PART_MORE))).as("a part before the head").isNull();
    assertThat(table.accept(token(held, Token.HEAD_MORE))).isEqualTo("call");
    assertThat(table.accept(token(held, Token.PART_MORE))).isEqualTo("call");
    assertThat(table.accept(token(held, Token.PART_MORE))).isEqualTo("call");
    assertThat(table.accept(token(held, Token.PART))).isEqualTo("call");
    assertThat(table.accept(token(held, Token.PART_MORE)))
        .as("before the parts have left")
        .isNull();
    assertThat(table.goOn(held)).isTrue();
    assertThat(table.accept(token(held, Token.END))).isEqualTo("call");
  }

  @Test
  void noKindLeadsOutOfAFreeSlot() {
    for (int kind = 0; kind < 32; kind++) {
      assertThat(Phase.FREE.after(kind)).isNull();
    }
  }

  @Test
  void renewsOnlyWhatIsQueued() {
    Held<String> held = acquire("call");
    Held<String> renewed = Objects.requireNonNull(table.renew(held));
    assertThat(renewed.generation()).isNotEqualTo(held.generation());
    assertThat(table.accept(token(held, Token.RESPONSE))).isNull();
    assertThat(table.accept(token(renewed, Token.HEAD))).isEqualTo("call");
    assertThat(table.renew(renewed)).as("an answer has begun").isNull();
  }

  @Test
  void findsTheCallsOfAnOwner() {
    Held<String> held = acquire("call");
    assertThat(table.of(owner -> owner < 0)).containsExactly(held);
    assertThat(table.of(owner -> owner == 3)).isEmpty();
    assertThat(table.inUse()).isEqualTo(1);
  }
}
