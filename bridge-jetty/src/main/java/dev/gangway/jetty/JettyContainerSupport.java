package dev.gangway.jetty;

import dev.gangway.servlet.ContainerSupport;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;

/**
 * Breaks responses off in Jetty. By reflection on public methods, because Jetty's classes exist
 * once for each environment, and hides them from web applications.
 */
public final class JettyContainerSupport implements ContainerSupport {

  /** For the {@link java.util.ServiceLoader}. */
  public JettyContainerSupport() {}

  @Override
  public boolean supports(HttpServletRequest request) {
    return isJetty(unwrap(request));
  }

  @Override
  public void abort(HttpServletRequest request, HttpServletResponse response, Throwable cause) {
    ServletRequest jetty = unwrap(request);
    if (!isJetty(jetty)) {
      throw new IllegalArgumentException(jetty.getClass().getName() + " is no request of Jetty");
    }
    try {
      Object info = jetty.getClass().getMethod("getServletRequestInfo").invoke(jetty);
      Object channel = info.getClass().getMethod("getServletChannel").invoke(info);
      if (request.getProtocol().startsWith("HTTP/1")) {
        resetOnClose(
            call(
                call(call(call(info, "getRequest"), "getConnectionMetaData"), "getConnection"),
                "getEndPoint"));
      }
      channel.getClass().getMethod("abort", Throwable.class).invoke(channel, cause);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("Jetty cannot break the response off", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This version of Jetty is not known: " + jetty.getClass().getName(), e);
    }
  }

  /**
   * Has the connection end with a reset: a response without a length ends with the connection, and
   * would look complete after an orderly close.
   */
  private static void resetOnClose(Object endPoint) throws ReflectiveOperationException {
    Object transport = call(endPoint, "getTransport");
    if (transport instanceof NetworkChannel channel
        && channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        // It is closed already.
      }
    }
  }

  /** Calls a public method, of whichever public type declares it. */
  private static Object call(Object target, String method) throws ReflectiveOperationException {
    return publicMethod(target.getClass(), method).invoke(target);
  }

  private static Method publicMethod(Class<?> type, String name) throws NoSuchMethodException {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (Modifier.isPublic(c.getModifiers())) {
        return c.getMethod(name);
      }
      for (Class<?> face : c.getInterfaces()) {
        try {
          return publicMethod(face, name);
        } catch (NoSuchMethodException e) {
          // Another type declares it.
        }
      }
    }
    throw new NoSuchMethodException(type.getName() + "." + name);
  }

  private static boolean isJetty(ServletRequest request) {
    for (Class<?> type = request.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().matches("org\\.eclipse\\.jetty\\.ee1\\d\\.servlet\\.ServletApiRequest")) {
        return true;
      }
    }
    return false;
  }

  private static ServletRequest unwrap(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }
}
