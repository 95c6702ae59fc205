package dev.gangway.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The container supports that are on the class path. */
final class Containers {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private static final List<ContainerSupport> SUPPORTS = load();

  private Containers() {}

  private static List<ContainerSupport> load() {
    List<ContainerSupport> found = new ArrayList<>();
    Iterator<ContainerSupport> candidates =
        ServiceLoader.load(ContainerSupport.class, ContainerSupport.class.getClassLoader())
            .iterator();
    while (true) {
      try {
        if (!candidates.hasNext()) {
          return List.copyOf(found);
        }
        found.add(candidates.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        LOGGER.log(Level.DEBUG, "A container support does not fit this container", e);
      }
    }
  }

  /**
   * Breaks a response off, so that the client can tell that it is not complete.
   *
   * @param request as the servlet received it
   * @param response as the servlet received it
   * @param cause what failed
   * @return whether that is done; otherwise the caller must throw {@link #incomplete} out of the
   *     servlet, which Jetty and Tomcat take for the same wish
   */
  static boolean abort(HttpServletRequest request, HttpServletResponse response, Throwable cause) {
    ContainerSupport support = of(request);
    if (support != null) {
      support.abort(request, response, cause);
    }
    return support != null;
  }

  /**
   * The container of a request.
   *
   * @param request as the servlet received it
   * @return what it can do, or null if it is not known
   */
  static @Nullable ContainerSupport of(HttpServletRequest request) {
    for (ContainerSupport support : SUPPORTS) {
      if (support.supports(request)) {
        return support;
      }
    }
    return null;
  }

  /**
   * Whether an abort is reported to the listeners of the asynchronous request, which complete it.
   *
   * @param request as the servlet received it
   * @return false if whoever aborts completes it
   */
  static boolean reportsAborts(HttpServletRequest request) {
    ContainerSupport support = of(request);
    return support != null && support.reportsAborts(request);
  }

  /**
   * Has a Content-Type sent as it was written, if there is a way.
   *
   * @param request as the servlet received it
   * @param response not committed, with the type set
   * @param type the value to send
   */
  static void contentType(HttpServletRequest request, HttpServletResponse response, String type) {
    ContainerSupport support = of(request);
    if (support != null) {
      support.contentType(request, response, type);
    }
  }

  /**
   * Answers {@code Expect: 100-continue} if the container waits for a blocking read.
   *
   * @param request as the servlet received it, its body unread
   */
  static void sendContinue(HttpServletRequest request) {
    if (request.getHeader("Expect") != null) {
      ContainerSupport support = of(request);
      if (support != null) {
        support.sendContinue(request);
      }
    }
  }

  /**
   * Has a body of unknown length sent so that the client can tell whether it is complete.
   *
   * @param request as the servlet received it
   * @param response not committed, with its head set
   */
  static void delimit(HttpServletRequest request, HttpServletResponse response) {
    if (!response.containsHeader("Content-Length")) {
      ContainerSupport support = of(request);
      if (support != null) {
        support.delimit(request, response);
      }
    }
  }

  /**
   * Completes an asynchronous request whose response is written.
   *
   * @param request as the servlet received it
   * @param async to be completed
   */
  static void complete(HttpServletRequest request, AsyncContext async) {
    ContainerSupport support = of(request);
    if (support == null) {
      async.complete();
    } else {
      support.complete(async);
    }
  }

  /**
   * The connection on which a request came, to be looked at.
   *
   * @param request as the servlet received it; it may be over
   * @return the connection, or null if it is not known or carries more than this request
   */
  static @Nullable SocketChannel connection(HttpServletRequest request) {
    try {
      ContainerSupport support = of(request);
      return support != null && request.getProtocol().startsWith("HTTP/1")
          ? support.connection(request)
          : null;
    } catch (RuntimeException e) {
      LOGGER.log(Level.DEBUG, "A request has no connection, perhaps it is over", e);
      return null;
    }
  }

  /**
   * The version of TLS, if the container tells it in a way of its own.
   *
   * @param request as the servlet received it, a secure one
   * @return such as {@code TLSv1.3}, or null
   */
  static @Nullable String tlsProtocol(HttpServletRequest request) {
    ContainerSupport support = of(request);
    return support == null ? null : support.tlsProtocol(request);
  }

  /**
   * Whether early hints can be sent.
   *
   * @param request as the servlet received it
   * @return true if {@link #sendEarlyHints} works
   */
  static boolean hasEarlyHints(HttpServletRequest request) {
    ContainerSupport support = of(request);
    return support != null && support.hasEarlyHints(request);
  }

  /**
   * Sends early hints.
   *
   * @param request as the servlet received it
   * @param response not committed
   * @param links values of {@code Link} headers
   * @return completes when the response may be begun; fails if the client has left
   * @throws IllegalStateException if the container has none
   */
  static CompletionStage<Void> sendEarlyHints(
      HttpServletRequest request, HttpServletResponse response, List<String> links) {
    ContainerSupport support = of(request);
    if (support == null) {
      throw new IllegalStateException("This container has no early hints");
    }
    return support.sendEarlyHints(request, response, links);
  }

  /**
   * What to throw out of the servlet when {@link #abort} returns false.
   *
   * @return an exception without a stack trace of interest; the cause is in the log already
   */
  static IOException incomplete() {
    return new IOException("The response is broken off, see the failure logged before");
  }
}
