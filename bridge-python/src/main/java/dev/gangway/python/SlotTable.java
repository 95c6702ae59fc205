package dev.gangway.python;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which slot carries which call, and what may happen to it next. It does no I/O. Safe for many
 * threads.
 *
 * <pre>
 *            RESPONSE, FILE, ABORT, given up
 *   FREE ◄──────────────────────────────────── QUEUED ⟲ READ, RETURNED
 *    │ ▲                                      ▲  │
 *    │ └──── END, ABORT, given up ──┐ acquire │  │ HEAD, HEAD_MORE
 *    │                          ANSWERING ◄───┼──┘
 *    └────────────────────────────────────────┘  ANSWERING ⟲ PART, PART_MORE, READ
 * </pre>
 *
 * <p>After HEAD, PART and READ a worker waits until it is told to go on; what comes before that but
 * an ABORT is no answer of its.
 */
final class SlotTable<C> {

  enum Phase {
    FREE,
    QUEUED,
    ANSWERING;

    /** The phase after a token of the given kind, or null where that token has no place. */
    @Nullable Phase after(int kind) {
      return switch (this) {
        case FREE -> null;
        case QUEUED ->
            switch (kind) {
              case Token.RESPONSE, Token.FILE, Token.ABORT -> FREE;
              case Token.HEAD, Token.HEAD_MORE -> ANSWERING;
              case Token.READ, Token.RETURNED -> QUEUED;
              default -> null;
            };
        case ANSWERING ->
            switch (kind) {
              case Token.END, Token.ABORT -> FREE;
              case Token.PART, Token.PART_MORE, Token.READ -> ANSWERING;
              default -> null;
            };
      };
    }
  }

  /** A call in its slot. */
  record Held<C>(int slot, int generation, C call) {}

  private static final class Slot<C> {
    private Phase phase = Phase.FREE;
    private int generation;
    private @Nullable C call;

    /** Whether its worker waits until it is told to go on. */
    private boolean waits;
  }

  private final List<Slot<C>> slots = new ArrayList<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final SlotMemory memory;

  SlotTable(SlotMemory memory) {
    this.memory = memory;
    for (int i = 0; i < memory.slots(); i++) {
      slots.add(new Slot<>());
      free.add(i);
    }
  }

  /** Takes a free slot for the call, or returns null if there is none. */
  synchronized @Nullable Held<C> acquire(C call) {
    // The slot that was freed last: its memory is still in the processor's cache.
    Integer number = free.pollLast();
    if (number == null) {
      return null;
    }
    Slot<C> slot = slots.get(number);
    slot.phase = Phase.QUEUED;
    slot.call = call;
    memory.prepare(number, slot.generation);
    return new Held<>(number, slot.generation, call);
  }

  /** The call that the token belongs to, after the token took effect; null if it has no place. */
  synchronized @Nullable C accept(Token token) {
    if (token.slot() < 0 || token.slot() >= slots.size()) {
      return null;
    }
    Slot<C> slot = slots.get(token.slot());
    Phase next = slot.generation == token.generation() ? slot.phase.after(token.kind()) : null;
    if (next == null || (slot.waits && token.kind() != Token.ABORT)) {
      return null;
    }
    C call = slot.call;
    slot.phase = next;
    slot.waits = Token.awaitsCredit(token.kind());
    return call;
  }

  /** Whether the call holds its slot; if so, its worker is to be told to go on, and may. */
  synchronized boolean goOn(Held<C> held) {
    Slot<C> slot = slots.get(held.slot());
    if (slot.call != held.call()) {
      return false;
    }
    slot.waits = false;
    return true;
  }

  /** Whether the call still holds its slot. */
  synchronized boolean holds(Held<C> held) {
    return slots.get(held.slot()).call == held.call();
  }

  /**
   * Gives a slot back. After this the slot's content may be overwritten at any time.
   *
   * @return false if the call did not hold it any more
   */
  synchronized boolean release(Held<C> held) {
    Slot<C> slot = slots.get(held.slot());
    if (slot.call != held.call()) {
      return false;
    }
    slot.phase = Phase.FREE;
    slot.call = null;
    slot.waits = false;
    slot.generation++;
    memory.prepare(held.slot(), slot.generation);
    free.addLast(held.slot());
    return true;
  }

  /** Gives the call's slot a new generation, so that whoever took its token before drops it. */
  synchronized @Nullable Held<C> renew(Held<C> held) {
    Slot<C> slot = slots.get(held.slot());
    if (slot.call != held.call()
        || slot.generation != held.generation()
        || slot.phase != Phase.QUEUED) {
      return null;
    }
    slot.generation++;
    memory.prepare(held.slot(), slot.generation);
    return new Held<>(held.slot(), slot.generation, held.call());
  }

  /** The calls in slots whose worker passes the test; a call that nobody has taken has -1. */
  synchronized List<Held<C>> of(IntPredicate owner) {
    return select(number -> owner.test(memory.owner(number)));
  }

  synchronized int inUse() {
    return slots.size() - free.size();
  }

  private List<Held<C>> select(Predicate<Integer> test) {
    List<Held<C>> found = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      Slot<C> slot = slots.get(i);
      if (slot.call != null && test.test(i)) {
        found.add(new Held<>(i, slot.generation, slot.call));
      }
    }
    return found;
  }
}
