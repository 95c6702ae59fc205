package dev.gangway.servlet;

import java.util.Map;

/**
 * The states of a response (PEP 3333, "The start_response() Callable"), and what leads from one to
 * the next. Two rules: the head is sent once, with the first byte of the body or at the end; what
 * failed after that never looks complete.
 *
 * <pre>
 *            START    RESTART   BYTES     END        FAILURE
 * NEW        READY    READY     -         -          ANSWERED  (with an error page)
 * READY      -        READY     SENDING   COMPLETE   ANSWERED  (with an error page)
 * SENDING    -        -         SENDING   COMPLETE   BROKEN
 * </pre>
 *
 * <p>A dash is the application's mistake. The other states are final.
 */
enum ResponseState {
  /** The application has not called {@code start_response}. */
  NEW,
  /** Status and headers are set and may be replaced. */
  READY,
  /** The head has left. */
  SENDING,
  /** The whole response has left. */
  COMPLETE,
  /** An error page has left instead of the response. */
  ANSWERED,
  /** The connection is broken, for the response to be seen as incomplete. */
  BROKEN;

  /** What happens to a response. */
  enum Event {
    /** {@code start_response} without {@code exc_info}. */
    START,
    /** {@code start_response} with {@code exc_info}. */
    RESTART,
    /** A chunk that is not empty. */
    BYTES,
    /** The body is at its end. */
    END,
    /** The application failed. */
    FAILURE
  }

  private record Step(ResponseState from, Event on) {}

  private static final Map<Step, ResponseState> TRANSITIONS =
      Map.of(
          new Step(NEW, Event.START), READY,
          new Step(NEW, Event.RESTART), READY,
          new Step(NEW, Event.FAILURE), ANSWERED,
          new Step(READY, Event.RESTART), READY,
          new Step(READY, Event.BYTES), SENDING,
          new Step(READY, Event.END), COMPLETE,
          new Step(READY, Event.FAILURE), ANSWERED,
          new Step(SENDING, Event.BYTES), SENDING,
          new Step(SENDING, Event.END), COMPLETE,
          new Step(SENDING, Event.FAILURE), BROKEN);

  /**
   * The state after an event.
   *
   * @param event what happened
   * @return the next state
   * @throws IllegalStateException if the event must not happen in this state
   */
  ResponseState after(Event event) {
    ResponseState next = TRANSITIONS.get(new Step(this, event));
    if (next == null) {
      throw new IllegalStateException(mistake(event));
    }
    return next;
  }

  /**
   * Whether an event may happen in this state.
   *
   * @param event what would happen
   * @return true if {@link #after} would return
   */
  boolean allows(Event event) {
    return TRANSITIONS.containsKey(new Step(this, event));
  }

  private String mistake(Event event) {
    if (this == NEW) {
      return "The application sent its body without having called start_response";
    }
    return switch (event) {
      case START ->
          "start_response was called a second time; only a call that reports a failure (excInfo)"
              + " may do that";
      case RESTART -> "start_response reported a failure after the head had left";
      case BYTES -> "The application wrote to a response that is over";
      default -> "The response is over: " + event + " in state " + this;
    };
  }
}
