package dev.gangway.jetty;

import dev.gangway.servlet.ContainerSupport;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationTargetException;

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
      channel.getClass().getMethod("abort", Throwable.class).invoke(channel, cause);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("Jetty cannot break the response off", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This version of Jetty is not known: " + jetty.getClass().getName(), e);
    }
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
