package dev.gangway.tomcat;

import dev.gangway.servlet.WebSocketSupport;
import jakarta.websocket.Session;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Stops and goes on reading from a WebSocket. By reflection on two public methods of Tomcat's
 * session, whose classes are in a jar that may not be there.
 */
@SuppressWarnings("exports") // of modules that only those need who have them
public final class TomcatWebSocketSupport implements WebSocketSupport {

  private record Methods(Method suspend, Method resume) {}

  private static final ClassValue<@Nullable Methods> METHODS =
      new ClassValue<>() {
        @Override
        protected @Nullable Methods computeValue(Class<?> type) {
          try {
            return type.getName().equals("org.apache.tomcat.websocket.WsSession")
                ? new Methods(type.getMethod("suspend"), type.getMethod("resume"))
                : null;
          } catch (NoSuchMethodException e) {
            return null;
          }
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
    if (methods != null) {
      call(methods.suspend, session);
    }
    return methods != null;
  }

  @Override
  public void resume(Session session) {
    Methods methods = METHODS.get(session.getClass());
    if (methods != null) {
      call(methods.resume, session);
    }
  }

  private static void call(Method method, Session session) {
    try {
      method.invoke(session);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This version of Tomcat is not known: " + session, e);
    }
  }
}
