package dev.gangway.jetty;

import dev.gangway.servlet.WebSocketSupport;
import jakarta.websocket.Session;
import java.lang.reflect.Method;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Extension;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.jspecify.annotations.Nullable;

/**
 * Reaches Jetty's own session behind the one of Jakarta WebSocket. By reflection on one public
 * method, because that class exists once for each environment.
 */
@SuppressWarnings("exports") // of modules that only those need who have them
public final class JettyWebSocketSupport implements WebSocketSupport {

  private static final String SESSION =
      "org\\.eclipse\\.jetty\\.ee1\\d\\.websocket\\.jakarta\\.common\\.JakartaWebSocketSession";

  /** Of Jetty's sessions; null for classes that are none. */
  private static final ClassValue<@Nullable Method> CORE_SESSION =
      new ClassValue<>() {
        @Override
        protected @Nullable Method computeValue(Class<?> type) {
          try {
            return type.getName().matches(SESSION) ? type.getMethod("getCoreSession") : null;
          } catch (NoSuchMethodException e) {
            return null;
          }
        }
      };

  /** For {@link java.util.ServiceLoader}. */
  public JettyWebSocketSupport() {}

  @Override
  public boolean supports(Session session) {
    return CORE_SESSION.get(session.getClass()) != null;
  }

  @Override
  public boolean suspend(Session session) {
    FlowExtension flow = flow(session);
    if (flow != null) {
      flow.suspend();
    }
    return flow != null;
  }

  @Override
  public void resume(Session session) {
    FlowExtension flow = flow(session);
    if (flow != null) {
      flow.resume();
    }
  }

  @Override
  public boolean ping(Session session) {
    WebSocketCoreSession core = core(session);
    if (core != null) {
      core.sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
    }
    return core != null;
  }

  @Override
  public boolean abort(Session session) {
    WebSocketCoreSession core = core(session);
    if (core != null) {
      core.abort();
    }
    return core != null;
  }

  private static @Nullable FlowExtension flow(Session session) {
    WebSocketCoreSession core = core(session);
    if (core != null) {
      for (Extension extension : core.getExtensionStack().getExtensions()) {
        if (extension instanceof FlowExtension flow) {
          return flow;
        }
      }
    }
    return null;
  }

  private static @Nullable WebSocketCoreSession core(Session session) {
    Method method = CORE_SESSION.get(session.getClass());
    try {
      return method != null && method.invoke(session) instanceof WebSocketCoreSession core
          ? core
          : null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This version of Jetty is not known: " + session, e);
    }
  }
}
