package dev.gangway.servlet;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states of a response to an ASGI application (ASGI HTTP 2.5), and what leads from one to the
 * next. Two rules: the head leaves with the first event of the body; what fails after that never
 * looks complete.
 *
 * <pre>
 *            START   HINT    PART      LAST       LAST_THEN_TRAILERS   TRAILERS   LAST_TRAILERS
 * NEW        READY   NEW     -         -          -                    -          -
 * READY      -       READY   SENDING   COMPLETE   TRAILING             -          -
 * SENDING    -       -       SENDING   COMPLETE   TRAILING             -          -
 * TRAILING   -       -       -         -          -                    TRAILING   COMPLETE
 * COMPLETE   -       -       -         -          -                    -          -
 * </pre>
 *
 * <p>A dash is the application's mistake.
 */
enum AsgiResponseState {
  /** The application has sent nothing. */
  NEW,
  /** Status and headers are known. */
  READY,
  /** The head has left. */
  SENDING,
  /** The body has left; trailers are to follow. */
  TRAILING,
  /** The whole response has left. */
  COMPLETE;

  /** What an application sends. */
  enum Event {
    /** {@code http.response.start}. */
    START("http.response.start"),
    /** {@code http.response.early_hint}. */
    HINT("http.response.early_hint"),
    /** {@code http.response.body} with more to come. */
    PART("http.response.body"),
    /** The last {@code http.response.body}, or {@code http.response.pathsend}. */
    LAST("http.response.body"),
    /** The same in a response that has trailers. */
    LAST_THEN_TRAILERS("http.response.body"),
    /** {@code http.response.trailers} with more to come. */
    TRAILERS("http.response.trailers"),
    /** The last {@code http.response.trailers}. */
    LAST_TRAILERS("http.response.trailers");

    private final String type;

    Event(String type) {
      this.type = type;
    }
  }

  private static final Map<AsgiResponseState, Map<Event, AsgiResponseState>> TRANSITIONS =
      new EnumMap<>(AsgiResponseState.class);

  static {
    TRANSITIONS.put(NEW, new EnumMap<>(Map.of(Event.START, READY, Event.HINT, NEW)));
    TRANSITIONS.put(
        READY,
        new EnumMap<>(
            Map.of(
                Event.HINT, READY,
                Event.PART, SENDING,
                Event.LAST, COMPLETE,
                Event.LAST_THEN_TRAILERS, TRAILING)));
    TRANSITIONS.put(
        SENDING,
        new EnumMap<>(
            Map.of(
                Event.PART, SENDING,
                Event.LAST, COMPLETE,
                Event.LAST_THEN_TRAILERS, TRAILING)));
    TRANSITIONS.put(
        TRAILING, new EnumMap<>(Map.of(Event.TRAILERS, TRAILING, Event.LAST_TRAILERS, COMPLETE)));
    TRANSITIONS.put(COMPLETE, new EnumMap<>(Event.class));
  }

  /**
   * The state after an event.
   *
   * @param event what the application sends
   * @return the next state
   * @throws IllegalStateException if the event must not be sent in this state
   */
  AsgiResponseState after(Event event) {
    Map<Event, AsgiResponseState> row = TRANSITIONS.get(this);
    AsgiResponseState next = row == null ? null : row.get(event);
    if (next == null) {
      throw new IllegalStateException(mistake(event.type));
    }
    return next;
  }

  /**
   * What is wrong with an event.
   *
   * @param type of the event
   * @return a sentence that says what this state expects
   */
  String mistake(@Nullable String type) {
    String expected =
        switch (this) {
          case NEW -> "http.response.start must come first";
          case READY -> "http.response.start was sent, and the body must follow";
          case SENDING -> "the body is not complete, so http.response.body must follow";
          case TRAILING -> "the body is complete, and http.response.trailers must follow";
          case COMPLETE -> "the response is complete";
        };
    return "The application sent " + type + ", but " + expected;
  }
}
