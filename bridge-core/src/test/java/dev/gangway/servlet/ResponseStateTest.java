package dev.gangway.servlet;

import static dev.gangway.servlet.ResponseState.ANSWERED;
import static dev.gangway.servlet.ResponseState.BROKEN;
import static dev.gangway.servlet.ResponseState.COMPLETE;
import static dev.gangway.servlet.ResponseState.NEW;
import static dev.gangway.servlet.ResponseState.READY;
import static dev.gangway.servlet.ResponseState.SENDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gangway.servlet.ResponseState.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResponseStateTest {

  @Test
  void goesTheOrdinaryWay() {
    assertThat(NEW.after(Event.START)).isEqualTo(READY);
    assertThat(READY.after(Event.BYTES)).isEqualTo(SENDING);
    assertThat(SENDING.after(Event.BYTES)).isEqualTo(SENDING);
    assertThat(SENDING.after(Event.END)).isEqualTo(COMPLETE);
    assertThat(READY.after(Event.END)).isEqualTo(COMPLETE);
  }

  @Test
  void startsAgainOnlyToReportAFailureAndBeforeTheHead() {
    assertThat(NEW.after(Event.RESTART)).isEqualTo(READY);
    assertThat(READY.after(Event.RESTART)).isEqualTo(READY);
    assertThat(SENDING.allows(Event.RESTART)).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> READY.after(Event.START))
        .withMessageContaining("second time");
  }

  @Test
  void answersAFailureUntilTheHeadHasLeft() {
    assertThat(NEW.after(Event.FAILURE)).isEqualTo(ANSWERED);
    assertThat(READY.after(Event.FAILURE)).isEqualTo(ANSWERED);
    assertThat(SENDING.after(Event.FAILURE)).isEqualTo(BROKEN);
  }

  @Test
  void asksForAStart() {
    for (Event event : new Event[] {Event.BYTES, Event.END}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> NEW.after(event))
          .withMessageContaining("start_response");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETE", "ANSWERED", "BROKEN"})
  void isOver(ResponseState state) {
    for (Event event : Event.values()) {
      assertThat(state.allows(event)).isFalse();
      assertThatIllegalStateException().isThrownBy(() -> state.after(event));
    }
  }
}
