package dev.gangway.tomcat;

import dev.gangway.servlet.WebSocketSupport;
import jakarta.websocket.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stops and goes on reading from a WebSocket. By reflection on Tomcat's session, whose classes are
 * in a jar that may not be there.
 *
 * <p>Tomcat reads on after a {@code resume()} only if its thread has put the connection aside by
 * then ({@code SUSPENDED}). While that thread is on its way there, the call makes it return to the
 * poller instead, with what it has read but not processed: the next message waits until the client
 * sends another. So that moment is waited for, which takes a look at a private field.
 */
@SuppressWarnings("exports") // of modules that only those need who have them
public final class TomcatWebSocketSupport implements WebSocketSupport {

  private static final Logger LOGGER = System.getLogger("dev.gangway.tomcat");

  /** The thread that reads has nothing left to do but to put the connection aside. */
  private static final Duration MOST = Duration.ofSeconds(1);

  /** Nanoseconds. */
  private static final long PAUSE = 10_000;

  private static final String ON_THE_WAY = "SUSPENDING_PROCESS";

  private record Methods(Method suspend, Method resume, Field frame, Field state) {

    static @Nullable Methods of(Class<?> type) {
      try {
        Field frame = type.getDeclaredField("wsFrame");
        Field state = frame.getType().getDeclaredField("readState");
        frame.setAccessible(true);
        state.setAccessible(true);
        return new Methods(type.getMethod("suspend"), type.getMethod("resume"), frame, state);
      } catch (ReflectiveOperationException | InaccessibleObjectException e) {
        LOGGER.log(
            Level.WARNING,
            "A WebSocket whose application does not receive holds a thread, because this version of"
                + " Tomcat is not known, or its module is not open",
            e);
        return null;
      }
    }

    boolean isOnTheWay(Session session) throws IllegalAccessException {
      return ((Enum<?>) state.get(frame.get(session))).name().equals(ON_THE_WAY);
    }
  }

  private static final ClassValue<@Nullable Methods> METHODS =
      new ClassValue<>() {
        @Override
        protected @Nullable Methods computeValue(Class<?> type) {
          return type.getName().equals("org.apache.tomcat.websocket.WsSession")
              ? Methods.of(type)
              : null;
        }
      };

  /** For {@link java.util.ServiceLoader}. */
  public TomcatWebSocketSupport() {}

  @Override
  public boolean supports(Session session) {
    return METHODS.get(session.getClass()) != null;
  }

  @Override
  public boolean suspend(Session session) {
    Methods methods = METHODS.get(session.getClass());
    try {
      if (methods != null) {
        methods.suspend.invoke(session);
      }
      return methods != null;
    } catch (ReflectiveOperationException e) {
      throw unknown(session, e);
    }
  }

  @Override
  public void resume(Session session) {
    Methods methods = METHODS.get(session.getClass());
    if (methods == null) {
      return;
    }
    try {
      long end = System.nanoTime() + MOST.toNanos();
      while (methods.isOnTheWay(session) && session.isOpen() && System.nanoTime() < end) {
        LockSupport.parkNanos(PAUSE);
      }
      methods.resume.invoke(session);
    } catch (ReflectiveOperationException e) {
      throw unknown(session, e);
    }
  }

  private static IllegalStateException unknown(Session session, ReflectiveOperationException e) {
    return new IllegalStateException("This version of Tomcat is not known: " + session, e);
  }
}
