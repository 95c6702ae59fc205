package dev.gangway.jetty;

import dev.gangway.servlet.ContainerSupport;
import jakarta.servlet.AsyncContext;
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
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Breaks responses off in Jetty. By reflection on public methods, because Jetty's classes exist
 * once for each environment, and hides them from web applications.
 */
public final class JettyContainerSupport implements ContainerSupport {

  /** Only one method of each name is used; does not keep web applications from being unloaded. */
  private static final ClassValue<Map<String, Method>> METHODS =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private static final String REQUEST =
      "org\\.eclipse\\.jetty\\.ee1\\d\\.servlet\\.ServletApiRequest";

  /** Which classes are Jetty's requests: asked several times for each request. */
  private static final ClassValue<Boolean> JETTY =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          Class<?> candidate = type;
          while (candidate != null && !candidate.getName().matches(REQUEST)) {
            candidate = candidate.getSuperclass();
          }
          return candidate != null;
        }
      };

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
    Object info = call(jetty, "getServletRequestInfo");
    if (request.getProtocol().startsWith("HTTP/1")) {
      resetOnClose(endPoint(info));
    }
    call(call(info, "getServletChannel"), "abort", Throwable.class, cause);
  }

  private static Object endPoint(Object info) {
    return call(
        call(call(call(info, "getRequest"), "getConnectionMetaData"), "getConnection"),
        "getEndPoint");
  }

  @Override
  public @Nullable SocketChannel connection(HttpServletRequest request) {
    Object endPoint = endPoint(call(unwrap(request), "getServletRequestInfo"));
    Object transport = call(endPoint, "getTransport");
    if (transport != null && !(transport instanceof SocketChannel)) {
      // With TLS, the end point of the encrypted bytes.
      transport = call(transport, "getTransport");
    }
    return transport instanceof SocketChannel channel ? channel : null;
  }

  /** Behind the Servlet API, whose implementation knows types and charsets better. */
  @Override
  public void contentType(HttpServletRequest request, HttpServletResponse response, String type) {
    Object context = call(unwrap(request), "getServletRequestInfo");
    Object core = call(call(context, "getServletContextResponse"), "getWrapped");
    Object headers = call(core, "getHeaders");
    try {
      method(headers.getClass(), "put", String.class, String.class)
          .invoke(headers, "Content-Type", type);
    } catch (ReflectiveOperationException e) {
      throw unknown(headers, e);
    }
  }

  /**
   * Has the connection end with a reset: a response without a length ends with the connection, and
   * would look complete after an orderly close.
   */
  private static void resetOnClose(Object endPoint) {
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

  /** After a request with {@code Connection: close}, Jetty would not send chunks. */
  @Override
  public void delimit(HttpServletRequest request, HttpServletResponse response) {
    if (request.getProtocol().equals("HTTP/1.1") && mayHaveBody(response.getStatus())) {
      response.setHeader("Transfer-Encoding", "chunked");
    }
  }

  @Override
  public void complete(AsyncContext async) {
    Completion.run(async::complete);
  }

  @Override
  public @Nullable String tlsProtocol(HttpServletRequest request) {
    Object data = request.getAttribute("org.eclipse.jetty.io.Endpoint.SslSessionData");
    return data != null && call(data, "sslSession") instanceof SSLSession session
        ? session.getProtocol()
        : null;
  }

  @Override
  public boolean hasEarlyHints(HttpServletRequest request) {
    return !request.getProtocol().equals("HTTP/1.0");
  }

  @Override
  public CompletionStage<Void> sendEarlyHints(
      HttpServletRequest request, HttpServletResponse response, List<String> links) {
    Object context = call(unwrap(request), "getServletRequestInfo");
    Object core = call(call(context, "getServletContextResponse"), "getWrapped");
    ClassLoader jetty = core.getClass().getClassLoader();
    try {
      Class<?> fields = Class.forName("org.eclipse.jetty.http.HttpFields", false, jetty);
      Object hints = fields.getMethod("build").invoke(null);
      Method add = method(hints.getClass(), "add", String.class, String.class);
      for (String link : links) {
        add.invoke(hints, "Link", link);
      }
      Object sent =
          method(core.getClass(), "writeInterim", int.class, fields).invoke(core, 103, hints);
      return ((CompletionStage<?>) sent).thenApply(nothing -> null);
    } catch (ReflectiveOperationException e) {
      throw unknown(core, e);
    }
  }

  private static boolean mayHaveBody(int status) {
    return status >= 200 && status != 204 && status != 304;
  }

  private static Object call(Object target, String name) {
    try {
      return method(target.getClass(), name).invoke(target);
    } catch (ReflectiveOperationException e) {
      throw unknown(target, e);
    }
  }

  private static void call(Object target, String name, Class<?> type, Object argument) {
    try {
      method(target.getClass(), name, type).invoke(target, argument);
    } catch (ReflectiveOperationException e) {
      throw unknown(target, e);
    }
  }

  private static IllegalStateException unknown(Object target, ReflectiveOperationException e) {
    return e instanceof InvocationTargetException
        ? new IllegalStateException("Jetty's " + target.getClass() + " failed", e.getCause())
        : new IllegalStateException("This version of Jetty is not known: " + target.getClass(), e);
  }

  /** A public method, found in a class or interface that is public itself. */
  private static Method method(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Map<String, Method> known = METHODS.get(type);
    Method method = known.get(name);
    if (method == null) {
      method = find(type, name, parameters);
      if (method == null) {
        throw new NoSuchMethodException(type.getName() + "." + name);
      }
      known.put(name, method);
    }
    return method;
  }

  private static @Nullable Method find(
      @Nullable Class<?> type, String name, Class<?>... parameters) {
    if (type == null) {
      return null;
    }
    if (Modifier.isPublic(type.getModifiers())) {
      try {
        return type.getMethod(name, parameters);
      } catch (NoSuchMethodException e) {
        return null;
      }
    }
    for (Class<?> implemented : type.getInterfaces()) {
      Method method = find(implemented, name, parameters);
      if (method != null) {
        return method;
      }
    }
    return find(type.getSuperclass(), name, parameters);
  }

  private static boolean isJetty(ServletRequest request) {
    return JETTY.get(request.getClass());
  }

  private static ServletRequest unwrap(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }
}
