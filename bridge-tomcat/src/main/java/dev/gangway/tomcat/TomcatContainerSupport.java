package dev.gangway.tomcat;

import dev.gangway.servlet.ContainerSupport;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.tomcat.util.net.SocketEvent;
import org.jspecify.annotations.Nullable;

/** Breaks responses off in Tomcat, embedded or around a web application. */
public final class TomcatContainerSupport implements ContainerSupport {

  // Tomcat has no public way from what a servlet gets to its own request, and from there to the
  // event that its poller sends when a connection fails.
  private static final VarHandle REQUEST;
  private static final VarHandle PROCESSOR;
  private static final MethodHandle PROCESS_EVENT;

  private static final @Nullable ActionCode EARLY_HINTS = earlyHints();

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      REQUEST =
          MethodHandles.privateLookupIn(RequestFacade.class, lookup)
              .findVarHandle(RequestFacade.class, "request", Request.class);
      PROCESSOR =
          MethodHandles.privateLookupIn(org.apache.coyote.Request.class, lookup)
              .findVarHandle(org.apache.coyote.Request.class, "hook", ActionHook.class);
      PROCESS_EVENT =
          MethodHandles.privateLookupIn(AbstractProcessor.class, lookup)
              .findVirtual(
                  AbstractProcessor.class,
                  "processSocketEvent",
                  MethodType.methodType(void.class, SocketEvent.class, boolean.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("This version of Tomcat is not known", e);
    }
  }

  /** For the {@link java.util.ServiceLoader}. */
  public TomcatContainerSupport() {}

  @Override
  public boolean supports(HttpServletRequest request) {
    return unwrap(request) instanceof RequestFacade;
  }

  @Override
  public void abort(HttpServletRequest request, HttpServletResponse response, Throwable cause) {
    if (!(unwrap(request) instanceof RequestFacade facade)) {
      throw new IllegalArgumentException(request.getClass().getName() + " is not of Tomcat");
    }
    Request tomcat = (Request) REQUEST.get(facade);
    if (tomcat == null) {
      return; // the response is complete, and its objects serve another request
    }
    org.apache.coyote.Request coyote = tomcat.getCoyoteRequest();
    if (request.getProtocol().startsWith("HTTP/1")) {
      ConnectionReset.onClose(
          (AbstractProcessor) PROCESSOR.get(coyote),
          tomcat.getConnector().getProtocolHandler().getUtilityExecutor());
    }
    if (tomcat.isAsync() && !coyote.isRequestThread()) {
      fail(coyote, cause);
    } else {
      coyote.action(ActionCode.CLOSE_NOW, cause);
    }
  }

  @Override
  public boolean reportsAborts(HttpServletRequest request) {
    return unwrap(request) instanceof RequestFacade facade
        && REQUEST.get(facade) instanceof Request tomcat
        && tomcat.isAsync()
        && !tomcat.getCoyoteRequest().isRequestThread();
  }

  /**
   * As Tomcat's poller does when a connection fails. CLOSE_NOW would change the processor's state
   * under the hands of a container thread that is in a listener, and sometimes is lost then; and an
   * error in the request's attributes would be found by a container thread that is still in the
   * servlet, which would complete the response.
   */
  private static void fail(org.apache.coyote.Request coyote, Throwable cause) {
    AbstractProcessor processor = (AbstractProcessor) PROCESSOR.get(coyote);
    ConnectionReset.fail(processor, cause);
    try {
      PROCESS_EVENT.invoke(processor, SocketEvent.ERROR, true);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Tomcat cannot break the response off", e);
    }
  }

  /** Below the Servlet API, which takes the charset out and appends it in another spelling. */
  @Override
  public void contentType(HttpServletRequest request, HttpServletResponse response, String type) {
    if (unwrap(request) instanceof RequestFacade facade) {
      Request tomcat = (Request) REQUEST.get(facade);
      if (tomcat != null) {
        org.apache.coyote.Response raw = tomcat.getResponse().getCoyoteResponse();
        try {
          raw.setCharacterEncoding(null);
        } catch (UnsupportedEncodingException e) {
          throw new IllegalStateException("Tomcat knows no way to have no charset", e);
        }
        raw.setContentTypeNoCharset(type);
      }
    }
  }

  @Override
  public void sendContinue(HttpServletRequest request) {
    if (unwrap(request) instanceof RequestFacade facade) {
      Request tomcat = (Request) REQUEST.get(facade);
      if (tomcat != null) {
        tomcat
            .getCoyoteRequest()
            .action(ActionCode.ACK, ContinueResponseTiming.ON_REQUEST_BODY_READ);
      }
    }
  }

  @Override
  public @Nullable SocketChannel connection(HttpServletRequest request) {
    return unwrap(request) instanceof RequestFacade facade
            && REQUEST.get(facade) instanceof Request tomcat
            && PROCESSOR.get(tomcat.getCoyoteRequest()) instanceof AbstractProcessor processor
        ? ConnectionReset.channel(processor)
        : null;
  }

  @Override
  public boolean sendsFiles() {
    return Sendfile.isKnown();
  }

  @Override
  public long sendFile(
      HttpServletRequest request,
      HttpServletResponse response,
      FileChannel file,
      long position,
      long count)
      throws IOException {
    return unwrap(request) instanceof RequestFacade facade
            && REQUEST.get(facade) instanceof Request tomcat
            && PROCESSOR.get(tomcat.getCoyoteRequest()) instanceof AbstractProcessor processor
        ? Sendfile.send(tomcat, processor, response, file, position, count)
        : -1;
  }

  @Override
  public boolean hasEarlyHints(HttpServletRequest request) {
    return EARLY_HINTS != null && !request.getProtocol().equals("HTTP/1.0");
  }

  /** The fields of the response so far go with the hints, so the links come and go. */
  @Override
  public CompletionStage<Void> sendEarlyHints(
      HttpServletRequest request, HttpServletResponse response, List<String> links) {
    if (unwrap(request) instanceof RequestFacade facade
        && REQUEST.get(facade) instanceof Request tomcat
        && EARLY_HINTS != null) {
      org.apache.coyote.Response raw = tomcat.getResponse().getCoyoteResponse();
      List<String> before = List.copyOf(response.getHeaders("Link"));
      links.forEach(link -> raw.getMimeHeaders().addValue("Link").setString(link));
      raw.action(EARLY_HINTS, null);
      raw.getMimeHeaders().removeHeader("Link");
      before.forEach(link -> raw.getMimeHeaders().addValue("Link").setString(link));
    }
    return CompletableFuture.completedStage(null);
  }

  /** Null in a Tomcat that has none yet. */
  private static @Nullable ActionCode earlyHints() {
    for (ActionCode code : ActionCode.values()) {
      if (code.name().equals("EARLY_HINTS")) {
        return code;
      }
    }
    return null;
  }

  private static ServletRequest unwrap(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }
}
